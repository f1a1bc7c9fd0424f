using ImageAspire.ServiceBusEmulator.Broker;
using Microsoft.Azure.Amqp.Encoding;

namespace ImageAspire.ServiceBusEmulator.Wire;

/// <summary>Operations on messages that are there.</summary>
internal sealed class MessageOperations(TimeProvider time)
{
    private const int MaxCount = 4_000;
    // An answer is one message: no more of them than a client can take in one.
    private const long MaxPeekBytes = 1024 * 1024;

    public static (int Status, AmqpMap Body) Peek(EntityDirectory entities, OperationRequest request)
    {
        var found = entities.GetQueue(request.Entity).Peek(request.Number("from-sequence-number"), (int)Math.Clamp(request.Number("message-count"), 0, MaxCount), request.FindText("session-id"));
        var bytes = 0L;
        return Operations.ListOf("messages", [.. found.TakeWhile((delivery, index) => (bytes += delivery.Content.Encoded.Length) <= MaxPeekBytes || index == 0).Select(ToMap)]);
    }

    public static (int Status, AmqpMap Body) RenewLock(EntityDirectory entities, OperationRequest request)
    {
        var queue = entities.GetQueue(request.Entity);
        return (200, Operations.Body("expirations", request.Guids("lock-tokens").Select(token => (queue.Renew(token) ?? throw LockLost(queue)).UtcDateTime).ToArray()));
    }

    /// <summary>Settles by lock token: what was received over another link, or as deferred.</summary>
    public static (int Status, AmqpMap Body) UpdateDisposition(EntityDirectory entities, OperationRequest request)
    {
        var queue = entities.GetQueue(request.Entity);
        var changes = (request.Find("properties-to-modify") as AmqpMap)?.ToDictionary(pair => pair.Key.ToString()!, pair => (object?)pair.Value);
        Settlement settlement = request.Text("disposition-status") switch
        {
            "completed" => new Settlement.Complete(),
            "abandoned" => new Settlement.Abandon { Changes = changes },
            "defered" => new Settlement.Defer { Changes = changes }, // as the protocol spells it
            "suspended" => new Settlement.DeadLetter(request.FindText("deadletter-reason"), request.FindText("deadletter-description")) { Changes = changes },
            _ => throw request.Wrong("disposition-status"),
        };
        var tokens = request.Guids("lock-tokens");
        if (!tokens.TrueForAll(queue.IsLocked))
            throw LockLost(queue);
        tokens.ForEach(token => queue.Settle(token, settlement));
        return (200, new AmqpMap());
    }

    public static (int Status, AmqpMap Body) ReceiveDeferred(EntityDirectory entities, OperationRequest request)
    {
        var taken = entities.GetQueue(request.Entity).TakeDeferred(request.Numbers("sequence-numbers"), takeForGood: request.Number("receiver-settle-mode") == 0);
        return Operations.ListOf("messages", [.. taken.Select(delivery =>
        {
            var map = ToMap(delivery);
            map[new MapKey("lock-token")] = delivery.Lock;
            return map;
        })]);
    }

    /// <summary>Removes messages without receiving them.</summary>
    public (int Status, AmqpMap Body) Delete(EntityDirectory entities, OperationRequest request)
    {
        var before = request.Find("enqueued-time-utc") is DateTime asked ? new DateTimeOffset(asked.ToUniversalTime()) : time.GetUtcNow();
        var deleted = entities.GetQueue(request.Entity).Delete((int)Math.Clamp(request.Number("message-count"), 0, MaxCount), before);
        return deleted == 0 ? (204, new AmqpMap()) : (200, Operations.Body("message-count", deleted));
    }

    private static AmqpMap ToMap(MessageSnapshot delivery) => new() { [new MapKey("message")] = new ArraySegment<byte>(DeliveryEncoder.Encode(delivery)) };

    private static BrokerException LockLost(MessageQueue queue) => BrokerException.LockLost(queue.RequiresSession);
}
