using ImageAspire.ServiceBusEmulator.Broker;
using Microsoft.Azure.Amqp.Encoding;

namespace ImageAspire.ServiceBusEmulator.Wire;

/// <summary>What can be asked of an entity. Each operation runs under the broker's lock.</summary>
internal sealed class Operations
{
    private readonly Dictionary<string, Func<EntityDirectory, OperationRequest, (int Status, AmqpMap Body)>> _all;

    public Operations(MessageOperations messages, ScheduleOperations schedule, TimeProvider time)
    {
        var rules = new RuleOperations(time);
        _all = new()
        {
            ["com.microsoft:peek-message"] = MessageOperations.Peek,
            ["com.microsoft:renew-lock"] = MessageOperations.RenewLock,
            ["com.microsoft:update-disposition"] = MessageOperations.UpdateDisposition,
            ["com.microsoft:receive-by-sequence-number"] = MessageOperations.ReceiveDeferred,
            ["com.microsoft:batch-delete-messages"] = messages.Delete,
            ["com.microsoft:schedule-message"] = schedule.Schedule,
            ["com.microsoft:cancel-scheduled-message"] = ScheduleOperations.Cancel,
            ["com.microsoft:renew-session-lock"] = SessionOperations.Renew,
            ["com.microsoft:get-session-state"] = SessionOperations.GetState,
            ["com.microsoft:set-session-state"] = SessionOperations.SetState,
            ["com.microsoft:get-message-sessions"] = SessionOperations.List,
            ["com.microsoft:add-rule"] = rules.Add,
            ["com.microsoft:remove-rule"] = RuleOperations.Remove,
            ["com.microsoft:enumerate-rules"] = RuleOperations.List,
        };
    }

    /// <exception cref="BrokerException">The operation is unknown, or refused.</exception>
    public (int Status, AmqpMap Body) Run(EntityDirectory entities, OperationRequest request) => _all.TryGetValue(request.Operation, out var run)
        ? run(entities, request) : throw new BrokerException(BrokerError.NotImplemented, $"The operation '{request.Operation}' is not supported.");

    /// <summary>A list under a name; no content when it is empty.</summary>
    public static (int Status, AmqpMap Body) ListOf(string name, IReadOnlyList<AmqpMap> items) => items.Count == 0 ? (204, new AmqpMap()) : (200, Body(name, items.ToList()));

    public static AmqpMap Body(string name, object? value) => new() { [new MapKey(name)] = value };
}
