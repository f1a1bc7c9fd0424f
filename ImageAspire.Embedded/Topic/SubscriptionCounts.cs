using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Sqlite;
using Microsoft.Data.Sqlite;

namespace ImageAspire.Embedded.Topic;

/// <summary>Counts messages of the durable subscriptions.</summary>
internal static class SubscriptionCounts
{
    /// <summary>Counts of every durable subscription, by name, without pauses: a verification reads stores of older releases, too.</summary>
    public static IReadOnlyList<SubscriptionStatus> All(SqliteSession session, DateTimeOffset now) =>
        [.. session.Query("SELECT name, types, subject, cursor FROM subscriptions ORDER BY name",
                row => (Name: row.GetString(0), Filter: MessageFilter.Read(row, 1), Cursor: row.GetInt64(3)))
            .Select(one => Of(session, one.Name, one.Filter, one.Cursor, now.ToUnixTimeMilliseconds()))];

    private static SubscriptionStatus Of(SqliteSession session, string name, MessageFilter filter, long cursor, long now)
    {
        var unread = session.Query($"SELECT count(*), min(enqueued_at) FROM messages WHERE seq>@3 AND {MessageFilter.Sql}",
            row => (Count: row.GetInt64(0), Oldest: Number(row, 1)), filter.Types, filter.Subject, cursor)[0];
        var scheduled = session.Query($"SELECT count(*), min(due_at) FROM scheduled WHERE {MessageFilter.Sql}",
            row => (Count: row.GetInt64(0), Next: Number(row, 1)), filter.Types, filter.Subject)[0];
        var deliveries = session.Query("""
            SELECT total(d.state<2 AND d.due_at<=@2), total(d.state=1 AND d.due_at>@2), total(d.state=0 AND d.due_at>@2), total(d.state=2),
                min(CASE WHEN d.state<2 AND d.due_at<=@2 THEN m.enqueued_at END), min(CASE WHEN d.state=0 AND d.due_at>@2 THEN d.due_at END),
                min(CASE WHEN d.state=0 AND d.due_at>@2 THEN m.enqueued_at END)
            FROM deliveries d JOIN messages m ON m.seq=d.seq WHERE d.subscription=@1
            """, row => (Active: (long)row.GetDouble(0), InFlight: (long)row.GetDouble(1), Scheduled: (long)row.GetDouble(2), Dead: (long)row.GetDouble(3),
                Oldest: Number(row, 4), Next: Number(row, 5), OldestScheduled: Number(row, 6)), name, now)[0];
        var oldest = Math.Min(unread.Oldest, deliveries.Oldest);
        return new SubscriptionStatus(name, unread.Count + deliveries.Active, deliveries.InFlight, deliveries.Scheduled + scheduled.Count, deliveries.Dead, Time(oldest))
        {
            OldestScheduledAt = Time(deliveries.OldestScheduled), NextDueAt = Time(Math.Min(scheduled.Next, deliveries.Next)),
        };
    }

    private static long Number(SqliteDataReader row, int column) => row.IsDBNull(column) ? long.MaxValue : row.GetInt64(column);

    private static DateTimeOffset? Time(long milliseconds) => milliseconds == long.MaxValue ? null : DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
