using ImageAspire.Embedded.Sqlite;

namespace ImageAspire.Embedded.Topic;

/// <summary>Removes what the topic no longer needs, in batches.</summary>
internal static class TopicCleanup
{
    // As long as duplicate detection works.
    private static readonly TimeSpan DuplicateHistory = TimeSpan.FromMinutes(10);
    private const int BatchSize = 2_000;

    /// <summary>Removes a batch of old ids, expired listeners, and a batch of messages that every subscriber has read; inside the writer's transaction.</summary>
    /// <returns>True when there may be more to remove.</returns>
    public static bool RemoveBatch(SqliteSession session, DateTimeOffset now)
    {
        // Ids are UUIDv7: the first six bytes are their time, so that "old" is a range of the key.
        var oldest = Guid.CreateVersion7(now - DuplicateHistory).ToByteArray(bigEndian: true);
        oldest.AsSpan(6).Clear();
        var ids = session.Run("DELETE FROM message_ids WHERE id IN (SELECT id FROM message_ids WHERE id<@1 LIMIT @2)", oldest, BatchSize);
        session.Run("DELETE FROM listeners WHERE expires_at<@1", now.ToUnixTimeMilliseconds());
        var messages = session.Run("""
            DELETE FROM messages WHERE seq IN (
                SELECT seq FROM messages m
                WHERE seq <= (SELECT min(cursor) FROM (SELECT cursor FROM subscriptions UNION ALL SELECT cursor FROM listeners WHERE cursor IS NOT NULL))
                  AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.seq=m.seq)
                LIMIT @1)
            """, BatchSize);
        return ids == BatchSize || messages == BatchSize;
    }
}
