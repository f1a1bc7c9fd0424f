using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Sqlite;

namespace ImageAspire.Embedded.Topic;

/// <summary>The durable subscriptions.</summary>
internal static class SubscriptionTable
{
    /// <summary>Creates a subscription at the end of the log; an existing one keeps its position and takes the new filter.</summary>
    public static void Create(SqliteSession session, SubscriptionOptions options)
    {
        var filter = MessageFilter.Of(options);
        session.Run("""
            INSERT INTO subscriptions(name, types, subject, cursor) VALUES(@1, @2, @3, @4)
            ON CONFLICT(name) DO UPDATE SET types=@2, subject=@3 WHERE types IS NOT @2 OR subject IS NOT @3
            """, options.Name, filter.Types, filter.Subject, MessageLog.End(session));
    }

    /// <summary>Pauses a subscription, unless it is paused already; false when there is none of this name.</summary>
    public static bool Pause(SqliteSession session, string name, string by, DateTimeOffset at) => session.Run("""
        UPDATE subscriptions SET paused=1, paused_by=iif(paused, paused_by, @2), paused_at=iif(paused, paused_at, @3) WHERE name=@1
        """, name, by, at.ToUnixTimeMilliseconds()) == 1;

    /// <summary>Resumes a subscription; false when there is none of this name.</summary>
    public static bool Resume(SqliteSession session, string name) =>
        session.Run("UPDATE subscriptions SET paused=0, paused_by=NULL, paused_at=NULL WHERE name=@1", name) == 1;

    /// <summary>The pauses, by subscription.</summary>
    public static IReadOnlyDictionary<string, SubscriptionPause> Pauses(SqliteSession session) =>
        session.Query("SELECT name, paused_by, paused_at FROM subscriptions WHERE paused", row => (Name: row.GetString(0), Pause: new SubscriptionPause(
            row.IsDBNull(1) ? null : row.GetString(1), row.IsDBNull(2) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2))))).ToDictionary(one => one.Name, one => one.Pause);

    /// <summary>How far a subscription has read, and whether it is paused.</summary>
    /// <exception cref="InvalidOperationException">There is no such subscription.</exception>
    public static (long Cursor, bool Paused) Position(SqliteSession session, string name)
    {
        var found = session.Query("SELECT cursor, paused FROM subscriptions WHERE name=@1", row => (row.GetInt64(0), row.GetInt64(1) != 0), name);
        return found.Count == 1 ? found[0] : throw new InvalidOperationException($"There is no subscription '{name}'.");
    }
}
