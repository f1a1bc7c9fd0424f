using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Database;

namespace ImageAspire.Embedded.Events;

/// <summary>A locked message.</summary>
/// <param name="Sequence">Position in the log.</param>
/// <param name="Token">Proof of the lock.</param>
/// <param name="Count">Delivery count.</param>
/// <param name="EnqueuedAt">When it entered the log.</param>
/// <param name="Body">CloudEvent.</param>
internal sealed record LockedMessage(long Sequence, long Token, int Count, DateTimeOffset EnqueuedAt, byte[] Body);

/// <summary>Peek-lock on one durable subscription. Everything here runs inside the writer's transaction.</summary>
internal static class Deliveries
{
    public const int Waiting = 0;
    public const int Locked = 1;
    public const int Dead = 2;

    /// <summary>Reason of a dead letter that was delivered too often.</summary>
    public const string TooManyDeliveries = "MaxDeliveryCountExceeded";

    /// <summary>Locks up to <paramref name="max"/> messages: first what is due again, then new ones; none while the subscription is paused.</summary>
    /// <param name="session">Where.</param>
    /// <param name="subscription">For whom.</param>
    /// <param name="max">How many.</param>
    /// <param name="holder">The process that locks them (<see cref="ProcessLockFile"/>).</param>
    /// <param name="now">The time.</param>
    public static List<LockedMessage> Receive(SqliteSession session, SubscriptionOptions subscription, int max, string? holder, DateTimeOffset now)
    {
        EventLog.Enqueue(session, now);
        var (cursor, paused) = SubscriptionTable.Place(session, subscription.Name);
        if (paused)
            return [];
        var until = (now + subscription.LockDuration).ToUnixTimeMilliseconds();
        var locked = Again(session, subscription, max, holder, now, until);
        if (locked.Count < max)
            locked.AddRange(New(session, subscription, cursor, max - locked.Count, holder, until));
        return locked;
    }

    /// <summary>When there is something to do for a subscription; null when nothing waits for a time. A paused one only minds the schedule.</summary>
    /// <param name="session">Where.</param>
    /// <param name="subscription">Its name; null for an instance's feed, which has no deliveries and only minds the schedule.</param>
    public static long? NextDue(SqliteSession session, string? subscription) => subscription is null
        ? NextDue(session, "", paused: true)
        : NextDue(session, subscription, SubscriptionTable.Place(session, subscription).Paused);

    /// <summary>Whether a receive would find something; a look that needs no lock.</summary>
    public static bool Any(SqliteSession session, SubscriptionOptions subscription, DateTimeOffset now)
    {
        var at = now.ToUnixTimeMilliseconds();
        var (cursor, paused) = SubscriptionTable.Place(session, subscription.Name);
        if (NextDue(session, subscription.Name, paused) <= at)
            return true;
        if (paused)
            return false;
        var filter = MessageFilter.Of(subscription);
        // A cursor that has fallen far behind because nothing matches is moved too.
        return SubscriptionTable.EndOfLog(session) - cursor > 500
            || session.Scalar($"SELECT 1 FROM messages WHERE seq>@3 AND {MessageFilter.Sql} LIMIT 1", filter.Types, filter.Subject, cursor) is not null;
    }

    public static bool Complete(SqliteSession session, string subscription, LockedMessage message) =>
        session.Run("DELETE FROM deliveries WHERE subscription=@1 AND seq=@2 AND state=1 AND lock_token=@3", subscription, message.Sequence, message.Token) == 1;

    public static bool Renew(SqliteSession session, string subscription, LockedMessage message, DateTimeOffset until) =>
        session.Run("UPDATE deliveries SET due_at=@4 WHERE subscription=@1 AND seq=@2 AND state=1 AND lock_token=@3",
            subscription, message.Sequence, message.Token, until.ToUnixTimeMilliseconds()) == 1;

    public static bool Retry(SqliteSession session, string subscription, LockedMessage message, DateTimeOffset due, bool counted) =>
        session.Run("UPDATE deliveries SET state=0, due_at=@4, count=count-@5 WHERE subscription=@1 AND seq=@2 AND state=1 AND lock_token=@3",
            subscription, message.Sequence, message.Token, due.ToUnixTimeMilliseconds(), counted ? 0 : 1) == 1;

    public static bool Bury(
        SqliteSession session, string subscription, LockedMessage message, MessageOutcome.DeadLetter why, DateTimeOffset now) =>
        session.Run("UPDATE deliveries SET state=2, due_at=@4, reason=@5, description=@6 WHERE subscription=@1 AND seq=@2 AND state=1 AND lock_token=@3",
            subscription, message.Sequence, message.Token, now.ToUnixTimeMilliseconds(), why.Reason, why.Description) == 1;

    /// <summary>Gives back what a process had locked that is gone; how many messages.</summary>
    public static int Free(SqliteSession session, string holder, DateTimeOffset now) =>
        session.Run("UPDATE deliveries SET due_at=@2 WHERE holder=@1 AND state=1", holder, now.ToUnixTimeMilliseconds());

    // What waits in a paused subscription stays due; looking at it would be a loop without rest.
    private static long? NextDue(SqliteSession session, string subscription, bool paused) => paused
        ? session.Scalar("SELECT min(due_at) FROM scheduled") as long?
        : session.Scalar("""
            SELECT min(due_at) FROM (
                SELECT min(due_at) AS due_at FROM deliveries WHERE subscription=@1 AND state=0
                UNION ALL SELECT min(due_at) FROM deliveries WHERE subscription=@1 AND state=1
                UNION ALL SELECT min(due_at) FROM scheduled)
            """, subscription) as long?;

    private static List<LockedMessage> Again(
        SqliteSession session, SubscriptionOptions subscription, int max, string? holder, DateTimeOffset now, long until)
    {
        var at = now.ToUnixTimeMilliseconds();
        var due = session.Query("""
            SELECT d.seq, d.count, m.enqueued_at, m.body FROM deliveries d JOIN messages m ON m.seq=d.seq
            WHERE d.subscription=@1 AND d.state IN (0, 1) AND d.due_at<=@2 ORDER BY d.due_at, d.seq LIMIT @3
            """, row => (Sequence: row.GetInt64(0), Count: row.GetInt32(1), EnqueuedAt: row.GetInt64(2), Body: row.GetFieldValue<byte[]>(3)),
            subscription.Name, at, max);
        var locked = new List<LockedMessage>(due.Count);
        foreach (var one in due)
        {
            if (one.Count >= subscription.MaxDeliveryCount)
            {
                session.Run("UPDATE deliveries SET state=2, due_at=@3, reason=@4, description=@5 WHERE subscription=@1 AND seq=@2",
                    subscription.Name, one.Sequence, at, TooManyDeliveries, $"Delivered {one.Count} times and never completed.");
                continue;
            }

            var message = new LockedMessage(one.Sequence, Random.Shared.NextInt64(), one.Count + 1, DateTimeOffset.FromUnixTimeMilliseconds(one.EnqueuedAt), one.Body);
            session.Run("UPDATE deliveries SET state=1, due_at=@3, lock_token=@4, count=@5, holder=@6 WHERE subscription=@1 AND seq=@2",
                subscription.Name, one.Sequence, until, message.Token, message.Count, holder);
            locked.Add(message);
        }

        return locked;
    }

    private static List<LockedMessage> New(
        SqliteSession session, SubscriptionOptions subscription, long cursor, int max, string? holder, long until)
    {
        var filter = MessageFilter.Of(subscription);
        var fresh = session.Query($"SELECT seq, enqueued_at, body FROM messages WHERE seq>@3 AND {MessageFilter.Sql} ORDER BY seq LIMIT @4",
            row => new LockedMessage(row.GetInt64(0), Random.Shared.NextInt64(), 1, DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)), row.GetFieldValue<byte[]>(2)),
            filter.Types, filter.Subject, cursor, max);
        foreach (var message in fresh)
        {
            session.Run("INSERT INTO deliveries(subscription, seq, state, due_at, lock_token, count, holder) VALUES(@1, @2, 1, @3, @4, 1, @5)",
                subscription.Name, message.Sequence, until, message.Token, holder);
        }

        // Fewer than wanted means that the rest of the log does not match.
        var end = fresh.Count < max ? SubscriptionTable.EndOfLog(session) : fresh[^1].Sequence;
        session.Run("UPDATE subscriptions SET cursor=@2 WHERE name=@1 AND cursor<@2", subscription.Name, end);
        return fresh;
    }
}
