using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Sqlite;

namespace ImageAspire.Embedded.Topic;

/// <summary>Counts messages of the durable subscriptions.</summary>
internal static class SubscriptionCounts
{
    /// <summary>Counts of every durable subscription, by name.</summary>
    public static IReadOnlyList<SubscriptionStatus> All(SqliteSession session, DateTimeOffset now) =>
        [.. session.Query("SELECT name, types, subject, cursor, paused FROM subscriptions ORDER BY name",
                row => (Name: row.GetString(0), Filter: MessageFilter.Read(row, 1), Cursor: row.GetInt64(3), Paused: row.GetInt64(4) != 0))
            .Select(one => Of(session, one.Name, one.Filter, one.Cursor, now.ToUnixTimeMilliseconds()) with { Paused = one.Paused })];

    private static SubscriptionStatus Of(SqliteSession session, string name, MessageFilter filter, long cursor, long now)
    {
        var unread = session.Query($"SELECT count(*), min(enqueued_at) FROM messages WHERE seq>@3 AND {MessageFilter.Sql}",
            row => (Count: row.GetInt64(0), Oldest: row.IsDBNull(1) ? long.MaxValue : row.GetInt64(1)), filter.Types, filter.Subject, cursor)[0];
        var scheduled = (long)session.Scalar($"SELECT count(*) FROM scheduled WHERE {MessageFilter.Sql}", filter.Types, filter.Subject)!;
        var deliveries = session.Query("""
            SELECT total(d.state<2 AND d.due_at<=@2), total(d.state=1 AND d.due_at>@2), total(d.state=0 AND d.due_at>@2), total(d.state=2),
                min(CASE WHEN d.state<2 AND d.due_at<=@2 THEN m.enqueued_at END)
            FROM deliveries d JOIN messages m ON m.seq=d.seq WHERE d.subscription=@1
            """, row => (Active: (long)row.GetDouble(0), InFlight: (long)row.GetDouble(1), Scheduled: (long)row.GetDouble(2), Dead: (long)row.GetDouble(3),
                Oldest: row.IsDBNull(4) ? long.MaxValue : row.GetInt64(4)), name, now)[0];
        var oldest = Math.Min(unread.Oldest, deliveries.Oldest);
        return new SubscriptionStatus(name, unread.Count + deliveries.Active, deliveries.InFlight, deliveries.Scheduled + scheduled, deliveries.Dead,
            oldest == long.MaxValue ? null : DateTimeOffset.FromUnixTimeMilliseconds(oldest));
    }
}
