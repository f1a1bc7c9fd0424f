using ImageAspire.Core.Events;
using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Sqlite;

namespace ImageAspire.Embedded.Topic;

/// <summary>The dead letters of the durable subscriptions. Writes run inside the writer's transaction.</summary>
internal static class DeadLetters
{
    private const string TooManyDeliveries = "MaxDeliveryCountExceeded";

    /// <summary>Dead-letters a locked message for a handler's reason; false when its lock is lost.</summary>
    public static bool Add(SqliteSession session, string subscription, LockedMessage message, MessageOutcome.DeadLetter why, DateTimeOffset now) =>
        session.Run("UPDATE deliveries SET state=2, due_at=@4, reason=@5, description=@6 WHERE subscription=@1 AND seq=@2 AND state=1 AND lock_token=@3",
            subscription, message.Sequence, message.Token, now.ToUnixTimeMilliseconds(), why.Reason, why.Description) == 1;

    /// <summary>Dead-letters a message whose deliveries are used up.</summary>
    public static void AddExhausted(SqliteSession session, string subscription, long sequence, int deliveries, long now) =>
        session.Run("UPDATE deliveries SET state=2, due_at=@3, reason=@4, description=@5 WHERE subscription=@1 AND seq=@2",
            subscription, sequence, now, TooManyDeliveries, $"Delivered {deliveries} times and never completed.");

    /// <summary>Dead letters before a position, newest first.</summary>
    public static IReadOnlyList<DeadLetter> List(SqliteSession session, string subscription, int limit, long before) => session.Query("""
        SELECT d.seq, m.body, d.reason, d.description, d.count, d.due_at FROM deliveries d JOIN messages m ON m.seq=d.seq
        WHERE d.subscription=@1 AND d.state=2 AND d.seq<@2 ORDER BY d.seq DESC LIMIT @3
        """, row => new DeadLetter(subscription, row.GetInt64(0), TryRead(row.GetFieldValue<byte[]>(1)), row.GetString(2), row.GetString(3),
            row.GetInt32(4), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(5))),
        subscription, before, limit);

    /// <summary>Removes a dead letter; false when there is none.</summary>
    public static bool Discard(SqliteSession session, string subscription, long sequence) =>
        session.Run("DELETE FROM deliveries WHERE subscription=@1 AND seq=@2 AND state=2", subscription, sequence) == 1;

    /// <summary>Makes a dead letter due again, with a delivery count of zero; false when there is none.</summary>
    public static bool Restore(SqliteSession session, string subscription, long sequence) =>
        session.Run("UPDATE deliveries SET state=0, due_at=0, count=0, reason=NULL, description=NULL WHERE subscription=@1 AND seq=@2 AND state=2",
            subscription, sequence) == 1;

    private static ImageEvent? TryRead(byte[] body)
    {
        try
        {
            return CloudEvents.Read(body);
        }
        catch (FormatException)
        {
            return null; // which is why it was dead-lettered
        }
    }
}
