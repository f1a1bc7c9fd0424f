using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Sqlite;

namespace ImageAspire.Embedded.Topic;

/// <summary>Looks for work of a subscription, without a lock.</summary>
internal static class PendingWork
{
    // A cursor so far behind the end, because nothing matches, is moved.
    private const long FarBehind = 500;

    /// <summary>Whether <see cref="MessageClaims.Claim"/> would have anything to do.</summary>
    public static bool Exists(SqliteSession session, SubscriptionOptions subscription, DateTimeOffset now)
    {
        var (cursor, paused) = SubscriptionTable.Position(session, subscription.Name);
        if (NextDue(session, subscription.Name, paused) <= now.ToUnixTimeMilliseconds())
            return true;
        if (paused)
            return false;
        var filter = MessageFilter.Of(subscription);
        return MessageLog.End(session) - cursor > FarBehind
            || session.Scalar($"SELECT 1 FROM messages WHERE seq>@3 AND {MessageFilter.Sql} LIMIT 1", filter.Types, filter.Subject, cursor) is not null;
    }

    /// <summary>When a retry, a lock or a scheduled message is due next, in Unix milliseconds; null when none is waiting.</summary>
    /// <param name="session">A session.</param>
    /// <param name="subscription">Name of a durable subscription; null for an instance subscription, which has no deliveries.</param>
    public static long? NextDue(SqliteSession session, string? subscription) => subscription is null
        ? NextScheduled(session)
        : NextDue(session, subscription, SubscriptionTable.Position(session, subscription).Paused);

    // The deliveries of a paused subscription stay due; to look at them would be a busy loop. Scheduled messages are still enqueued.
    private static long? NextDue(SqliteSession session, string subscription, bool paused) => paused
        ? NextScheduled(session)
        : session.Scalar("""
            SELECT min(due_at) FROM (
                SELECT min(due_at) AS due_at FROM deliveries WHERE subscription=@1 AND state=0
                UNION ALL SELECT min(due_at) FROM deliveries WHERE subscription=@1 AND state=1
                UNION ALL SELECT min(due_at) FROM scheduled)
            """, subscription) as long?;

    private static long? NextScheduled(SqliteSession session) => session.Scalar("SELECT min(due_at) FROM scheduled") as long?;
}
