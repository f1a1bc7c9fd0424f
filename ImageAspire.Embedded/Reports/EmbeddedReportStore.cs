using ImageAspire.Core.Events;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Stores;
using ImageAspire.Embedded.Sqlite;

namespace ImageAspire.Embedded.Reports;

/// <summary>
/// Figures per day on SQLite; the day is that of the event's time (<see cref="ReportDay"/>). An image that is analysed again counts again as analyzed, with its tags,
/// because work was done; but only its first analysis has a time to analyzed, which starts with the upload. In the same way an image that
/// is reprocessed from the start does not count as received again.
/// </summary>
internal sealed class EmbeddedReportStore(SqliteDatabase database, TimeProvider time) : IReportStore
{
    private const int MaxDays = 366;

    // Longer than deliveries and most dead letters last. Older event ids are removed, a few with every new event.
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(180);

    public Task ApplyAsync(ImageEvent e, CancellationToken cancellationToken) =>
        database.WriteAsync(scope => Apply(scope.Session, e), Durability.Disk, cancellationToken);

    public Task<IReadOnlyList<DailyReport>> DailyAsync(DateOnly from, DateOnly to, CancellationToken cancellationToken)
    {
        if (to < from || to.DayNumber - from.DayNumber > MaxDays)
            throw new ArgumentOutOfRangeException(nameof(to), to, $"The last day must be 0 to {MaxDays} days after the first.");
        return database.ReadAsync<IReadOnlyList<DailyReport>>(session => Daily(session, from.DayNumber, to.DayNumber), cancellationToken);
    }

    private bool Apply(SqliteSession session, ImageEvent e)
    {
        RemoveOldIds(session);
        if (session.Run("INSERT INTO seen_events(event_id) VALUES(@1) ON CONFLICT DO NOTHING", Key(e.Id)) == 0)
            return false;
        var day = ReportDay.Of(e).DayNumber;
        session.Run("INSERT INTO days(day) VALUES(@1) ON CONFLICT DO NOTHING", day);
        switch (e.Type)
        {
            case ImageEventTypes.Received when e.Data.Version == 1:
                session.Run("UPDATE days SET received=received+1, bytes=bytes+@2 WHERE day=@1", day, e.Data.Bytes);
                break;
            case ImageEventTypes.Analyzed:
                Analyzed(session, day, e);
                break;
            case ImageEventTypes.Rejected:
                Failed(session, day, e, "UPDATE days SET rejected=rejected+1 WHERE day=@1");
                break;
            case ImageEventTypes.Failed:
                Failed(session, day, e, "UPDATE days SET failed=failed+1 WHERE day=@1");
                break;
            case ImageEventTypes.Deleted:
                session.Run("UPDATE days SET deleted=deleted+1 WHERE day=@1", day);
                break;
            case ImageEventTypes.Restored when e.Data.DeletedAt is not null:
                session.Run("UPDATE days SET deleted=deleted-1 WHERE day=@1", day);
                break;
            case ImageEventTypes.Purged:
                session.Run("DELETE FROM analyzed_images WHERE image=@1", Key(e.ImageId));
                break;
        }

        return true;
    }

    private static void Analyzed(SqliteSession session, int day, ImageEvent e)
    {
        session.Run("UPDATE days SET analyzed=analyzed+1 WHERE day=@1", day);
        foreach (var tag in e.Data.Tags ?? [])
            session.Run("INSERT INTO day_tags(day, tag, count) VALUES(@1, @2, 1) ON CONFLICT DO UPDATE SET count=count+1", day, tag);
        if (session.Run("INSERT INTO analyzed_images(image) VALUES(@1) ON CONFLICT DO NOTHING", Key(e.ImageId)) == 1)
        {
            session.Run("INSERT INTO day_durations(day, bucket, count) VALUES(@1, @2, 1) ON CONFLICT DO UPDATE SET count=count+1",
                day, DurationHistogram.BucketOf(e.Time - e.Data.UploadedAt));
        }
    }

    private static void Failed(SqliteSession session, int day, ImageEvent e, string count)
    {
        session.Run(count, day);
        if (e.Data.Failure is { } failure)
            session.Run("INSERT INTO day_failures(day, code, count) VALUES(@1, @2, 1) ON CONFLICT DO UPDATE SET count=count+1", day, failure.Code);
    }

    // Event ids are UUIDv7: they sort by time.
    private void RemoveOldIds(SqliteSession session) => session.Run(
        "DELETE FROM seen_events WHERE event_id IN (SELECT event_id FROM seen_events WHERE event_id<@1 ORDER BY event_id LIMIT 8)",
        Key(Guid.CreateVersion7(time.GetUtcNow() - Remembered)));

    private static List<DailyReport> Daily(SqliteSession session, int from, int to)
    {
        var failures = session.Query("SELECT day, code, count FROM day_failures WHERE day BETWEEN @1 AND @2 ORDER BY day, count DESC, code",
            row => (Day: row.GetInt32(0), Name: row.GetString(1), Count: row.GetInt64(2)), from, to).ToLookup(row => row.Day);
        var durations = session.Query("SELECT day, bucket, count FROM day_durations WHERE day BETWEEN @1 AND @2",
            row => (Day: row.GetInt32(0), Bucket: row.GetInt32(1), Count: row.GetInt64(2)), from, to).ToLookup(row => row.Day, row => (row.Bucket, row.Count));
        return session.Query("SELECT day, received, bytes, analyzed, rejected, failed, deleted FROM days WHERE day BETWEEN @1 AND @2 ORDER BY day", row =>
        {
            var day = row.GetInt32(0);
            var buckets = durations[day].ToList();
            return new DailyReport
            {
                Day = DateOnly.FromDayNumber(day), Received = row.GetInt64(1), Bytes = row.GetInt64(2), Analyzed = row.GetInt64(3),
                Rejected = row.GetInt64(4), Failed = row.GetInt64(5), Deleted = row.GetInt64(6),
                TimeToAnalyzedP50 = DurationHistogram.Percentile(buckets, 0.5), TimeToAnalyzedP95 = DurationHistogram.Percentile(buckets, 0.95),
                Failures = failures[day].ToDictionary(f => f.Name, f => f.Count), Tags = TopTags(session, day),
            };
        }, from, to);
    }

    private static Dictionary<string, long> TopTags(SqliteSession session, int day) =>
        session.Query("SELECT tag, count FROM day_tags WHERE day=@1 ORDER BY count DESC, tag LIMIT 20",
            row => KeyValuePair.Create(row.GetString(0), row.GetInt64(1)), day).ToDictionary();

    private static byte[] Key(Guid id) => id.ToByteArray(bigEndian: true);
}
