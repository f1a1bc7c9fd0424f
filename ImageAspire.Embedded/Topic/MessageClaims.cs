using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Sqlite;

namespace ImageAspire.Embedded.Topic;

/// <summary>A message that is locked for one delivery.</summary>
/// <param name="Sequence">Position in the log.</param>
/// <param name="Token">Random; identifies the lock.</param>
/// <param name="Count">Delivery count, this delivery included.</param>
/// <param name="EnqueuedAt">When it was appended to the log, UTC.</param>
/// <param name="Body">CloudEvent.</param>
internal sealed record LockedMessage(long Sequence, long Token, int Count, DateTimeOffset EnqueuedAt, byte[] Body);

/// <summary>Locks messages of a durable subscription, renews and releases locks. Everything here runs inside the writer's transaction.</summary>
internal static class MessageClaims
{
    // Of a lock that has expired. After an outage the process that has it renews it, or settles, within a second; the work would be repeated if another took it first.
    private static readonly TimeSpan RenewalGrace = TimeSpan.FromSeconds(3);
    private const string Expired = "LockExpired";

    /// <summary>Locks up to <paramref name="max"/> messages: first those due for another delivery, then unread ones; none while the subscription is paused.</summary>
    /// <param name="session">The writer's session.</param>
    /// <param name="subscription">The subscription.</param>
    /// <param name="max">Largest number of messages.</param>
    /// <param name="processId">Marks the locks (<see cref="ProcessLockFile.Id"/>); null for none.</param>
    /// <param name="now">The time.</param>
    public static List<LockedMessage> Claim(SqliteSession session, SubscriptionOptions subscription, int max, string? processId, DateTimeOffset now)
    {
        MessageLog.EnqueueScheduled(session, now);
        var (cursor, paused) = SubscriptionTable.Position(session, subscription.Name);
        if (paused)
            return [];
        var until = (now + subscription.LockDuration).ToUnixTimeMilliseconds();
        var locked = ClaimDue(session, subscription, max, processId, now, until);
        if (locked.Count < max)
            locked.AddRange(ClaimUnread(session, subscription, cursor, max - locked.Count, processId, until));
        return locked;
    }

    /// <summary>Extends a lock; false when it is lost.</summary>
    public static bool Renew(SqliteSession session, string subscription, LockedMessage message, DateTimeOffset until) =>
        session.Run("UPDATE deliveries SET due_at=@4, reason=NULL WHERE subscription=@1 AND seq=@2 AND state=1 AND lock_token=@3",
            subscription, message.Sequence, message.Token, until.ToUnixTimeMilliseconds()) == 1;

    /// <summary>Releases every lock of a process; how many messages. They are due, whatever the clock says.</summary>
    public static int ReleaseAll(SqliteSession session, string processId) =>
        session.Run("UPDATE deliveries SET due_at=0, reason=@2 WHERE holder=@1 AND state=1", processId, Expired);

    // Gives the holders of locks that have just expired a moment; those that had it already are due.
    private static void Grant(SqliteSession session, string subscription, long at) =>
        session.Run("UPDATE deliveries SET due_at=@3, reason=@4 WHERE subscription=@1 AND state=1 AND due_at<=@2 AND reason IS NULL",
            subscription, at, at + (long)RenewalGrace.TotalMilliseconds, Expired);

    // Retries that are due, and messages whose lock has expired.
    private static List<LockedMessage> ClaimDue(
        SqliteSession session, SubscriptionOptions subscription, int max, string? processId, DateTimeOffset now, long until)
    {
        var at = now.ToUnixTimeMilliseconds();
        Grant(session, subscription.Name, at);
        var due = session.Query("""
            SELECT d.seq, d.count, m.enqueued_at, m.body FROM deliveries d JOIN messages m ON m.seq=d.seq
            WHERE d.subscription=@1 AND d.state IN (0, 1) AND d.due_at<=@2 ORDER BY d.due_at, d.seq LIMIT @3
            """, row => new LockedMessage(row.GetInt64(0), Random.Shared.NextInt64(), row.GetInt32(1) + 1,
                DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)), row.GetFieldValue<byte[]>(3)),
            subscription.Name, at, max);
        var locked = new List<LockedMessage>(due.Count);
        foreach (var message in due)
        {
            if (message.Count > subscription.MaxDeliveryCount)
            {
                DeadLetters.AddExhausted(session, subscription.Name, message.Sequence, message.Count - 1, at);
                continue;
            }

            session.Run("UPDATE deliveries SET state=1, due_at=@3, lock_token=@4, count=@5, holder=@6, reason=NULL WHERE subscription=@1 AND seq=@2",
                subscription.Name, message.Sequence, until, message.Token, message.Count, processId);
            locked.Add(message);
        }

        return locked;
    }

    private static List<LockedMessage> ClaimUnread(
        SqliteSession session, SubscriptionOptions subscription, long cursor, int max, string? processId, long until)
    {
        var filter = MessageFilter.Of(subscription);
        var unread = session.Query($"SELECT seq, enqueued_at, body FROM messages WHERE seq>@3 AND {MessageFilter.Sql} ORDER BY seq LIMIT @4",
            row => new LockedMessage(row.GetInt64(0), Random.Shared.NextInt64(), 1, DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)), row.GetFieldValue<byte[]>(2)),
            filter.Types, filter.Subject, cursor, max);
        foreach (var message in unread)
        {
            session.Run("INSERT INTO deliveries(subscription, seq, state, due_at, lock_token, count, holder) VALUES(@1, @2, 1, @3, @4, 1, @5)",
                subscription.Name, message.Sequence, until, message.Token, processId);
        }

        // Fewer than the maximum means that the rest of the log does not match.
        var end = unread.Count < max ? MessageLog.End(session) : unread[^1].Sequence;
        session.Run("UPDATE subscriptions SET cursor=@2 WHERE name=@1 AND cursor<@2", subscription.Name, end);
        return unread;
    }
}
