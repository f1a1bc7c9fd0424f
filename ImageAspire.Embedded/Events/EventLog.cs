using ImageAspire.Core.Events;
using ImageAspire.Embedded.Database;

namespace ImageAspire.Embedded.Events;

/// <summary>Writes to the log. Everything here runs inside the writer's transaction.</summary>
internal static class EventLog
{
    /// <summary>How long an event id is remembered.</summary>
    public static readonly TimeSpan DuplicateHistory = TimeSpan.FromMinutes(10);

    private const int CleaningBatch = 2_000;

    /// <summary>Appends one event; false when its id is known already.</summary>
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

    /// <summary>Moves scheduled messages whose time has come into the log.</summary>
    public static void Enqueue(SqliteSession session, DateTimeOffset now)
    {
        var at = now.ToUnixTimeMilliseconds();
        if (session.Scalar("SELECT 1 FROM scheduled WHERE due_at<=@1 LIMIT 1", at) is null)
            return;
        session.Run("INSERT INTO messages(type, subject, enqueued_at, body) SELECT type, subject, @1, body FROM scheduled WHERE due_at<=@1 ORDER BY due_at, id", at);
        session.Run("DELETE FROM scheduled WHERE due_at<=@1", at);
    }

    /// <summary>Whether the clock was set back, and nobody has dealt with it.</summary>
    public static bool IsSetBack(SqliteSession session, DateTimeOffset now) => ClockJumpDetector.Look(session, now.ToUnixTimeMilliseconds()) > 0;

    /// <summary>
    /// When the clock was set back, locks and retries are moved along, and it is returned by how many milliseconds. Scheduled messages are
    /// not: their time is one of the calendar.
    /// </summary>
    public static long FollowClock(SqliteSession session, DateTimeOffset now)
    {
        var at = now.ToUnixTimeMilliseconds();
        var back = ClockJumpDetector.Take(session, at);
        if (back == 0)
            return 0;
        session.Run("UPDATE deliveries SET due_at=due_at-@1 WHERE state IN (0, 1) AND due_at>@2", back, at);
        session.Run("UPDATE listeners SET expires_at=expires_at-@1", back);
        return back;
    }

    /// <summary>Removes a bounded number of old ids, and of messages that every subscriber is done with; true when there is more to do.</summary>
    public static bool Clean(SqliteSession session, DateTimeOffset now)
    {
        // Ids are UUIDv7: the first six bytes are their time, so that "old" is a range of the key.
        var oldest = Guid.CreateVersion7(now - DuplicateHistory).ToByteArray(bigEndian: true);
        oldest.AsSpan(6).Clear();
        var ids = session.Run("DELETE FROM message_ids WHERE id IN (SELECT id FROM message_ids WHERE id<@1 LIMIT @2)", oldest, CleaningBatch);
        session.Run("DELETE FROM listeners WHERE expires_at<@1", now.ToUnixTimeMilliseconds());
        var messages = session.Run("""
            DELETE FROM messages WHERE seq IN (
                SELECT seq FROM messages m
                WHERE seq <= (SELECT min(cursor) FROM (SELECT cursor FROM subscriptions UNION ALL SELECT cursor FROM listeners WHERE cursor IS NOT NULL))
                  AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.seq=m.seq)
                LIMIT @1)
            """, CleaningBatch);
        return ids == CleaningBatch || messages == CleaningBatch;
    }
}
