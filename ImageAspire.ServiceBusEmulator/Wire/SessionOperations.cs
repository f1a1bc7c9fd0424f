using ImageAspire.ServiceBusEmulator.Broker;
using Microsoft.Azure.Amqp.Encoding;

namespace ImageAspire.ServiceBusEmulator.Wire;

/// <summary>Operations on sessions.</summary>
internal static class SessionOperations
{
    private const string Id = "session-id", State = "session-state";

    public static (int Status, AmqpMap Body) Renew(EntityDirectory entities, OperationRequest request) =>
        (200, Operations.Body("expiration", entities.GetQueue(request.Entity).RenewSession(request.Text(Id)).UtcDateTime));

    public static (int Status, AmqpMap Body) GetState(EntityDirectory entities, OperationRequest request) =>
        (200, Operations.Body(State, entities.GetQueue(request.Entity).GetSessionState(request.Text(Id)) is { } state ? new ArraySegment<byte>(state) : (object?)null));

    public static (int Status, AmqpMap Body) SetState(EntityDirectory entities, OperationRequest request)
    {
        entities.GetQueue(request.Entity).SetSessionState(request.Text(Id), request.Find(State) is ArraySegment<byte> state ? [.. state] : null);
        return (200, new AmqpMap());
    }

    public static (int Status, AmqpMap Body) List(EntityDirectory entities, OperationRequest request)
    {
        var skip = (int)Math.Clamp(request.Number("skip"), 0, int.MaxValue);
        var ids = entities.GetQueue(request.Entity).ListSessions(skip, (int)Math.Clamp(request.Number("top"), 0, 1_000));
        if (ids.Count == 0)
            return (204, new AmqpMap());
        var body = Operations.Body("sessions-ids", ids.ToArray());
        body[new MapKey("skip")] = skip + ids.Count;
        return (200, body);
    }
}
