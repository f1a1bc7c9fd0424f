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

    /// <summary>Pauses or resumes a subscription; false when there is none of this name.</summary>
    public static bool SetPaused(SqliteSession session, string name, bool paused) =>
        session.Run("UPDATE subscriptions SET paused=@2 WHERE name=@1", name, paused ? 1 : 0) == 1;

    /// <summary>How far a subscription has read, and whether it is paused.</summary>
    /// <exception cref="InvalidOperationException">There is no such subscription.</exception>
    public static (long Cursor, bool Paused) Position(SqliteSession session, string name)
    {
        var found = session.Query("SELECT cursor, paused FROM subscriptions WHERE name=@1", row => (row.GetInt64(0), row.GetInt64(1) != 0), name);
        return found.Count == 1 ? found[0] : throw new InvalidOperationException($"There is no subscription '{name}'.");
    }
}
