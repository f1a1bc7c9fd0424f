using ImageAspire.Core.Events;
using ImageAspire.Embedded.Sqlite;

namespace ImageAspire.Embedded.Topic;

/// <summary>Appends to the log of messages. Everything here runs inside the writer's transaction.</summary>
internal static class MessageLog
{
    /// <summary>Appends an event; false when its id is a duplicate.</summary>
    /// <param name="session">The writer's session.</param>
    /// <param name="e">The event.</param>
    /// <param name="body">The event, serialised.</param>
    /// <param name="now">The time.</param>
    /// <param name="notBefore">Scheduled delivery; null for now.</param>
    public static bool Append(SqliteSession session, ImageEvent e, byte[] body, DateTimeOffset now, DateTimeOffset? notBefore)
    {
        if (session.Run("INSERT OR IGNORE INTO message_ids(id) VALUES(@1)", e.Id.ToByteArray(bigEndian: true)) == 0)
            return false;
        var subject = e.ImageId.ToByteArray(bigEndian: true);
        if (notBefore > now)
            session.Run("INSERT INTO scheduled(due_at, type, subject, body) VALUES(@1, @2, @3, @4)", notBefore.Value.ToUnixTimeMilliseconds(), e.Type, subject, body);
        else
            session.Run("INSERT INTO messages(type, subject, enqueued_at, body) VALUES(@1, @2, @3, @4)", e.Type, subject, now.ToUnixTimeMilliseconds(), body);
        return true;
    }

    /// <summary>Moves scheduled messages that are due into the log.</summary>
    public static void EnqueueScheduled(SqliteSession session, DateTimeOffset now)
    {
        var at = now.ToUnixTimeMilliseconds();
        if (session.Scalar("SELECT 1 FROM scheduled WHERE due_at<=@1 LIMIT 1", at) is null)
            return;
        session.Run("INSERT INTO messages(type, subject, enqueued_at, body) SELECT type, subject, @1, body FROM scheduled WHERE due_at<=@1 ORDER BY due_at, id", at);
        session.Run("DELETE FROM scheduled WHERE due_at<=@1", at);
    }

    /// <summary>The newest sequence number ever assigned, although that message may be removed.</summary>
    public static long End(SqliteSession session) =>
        session.Scalar("SELECT seq FROM sqlite_sequence WHERE name='messages'") is long seq ? seq : 0;
}
