using ImageAspire.Azure.Mongo;
using ImageAspire.Core.Events;
using ImageAspire.Core.Stores;
using MongoDB.Bson;
using MongoDB.Driver;

namespace ImageAspire.Azure.Reports;

/// <summary>
/// The update of a slot by one event. Counts are incremented; codes, tags and buckets are pushed as values and counted when they are read,
/// because user text must never become the name of a field.
/// </summary>
internal static class SlotUpdate
{
    /// <summary>The update.</summary>
    /// <param name="e">The event.</param>
    /// <param name="day">Its day.</param>
    /// <param name="forgetAt">When a new slot may drop its event ids.</param>
    /// <param name="first">Whether it is the image's first analysis.</param>
    public static UpdateDefinition<BsonDocument> Of(ImageEvent e, DateOnly day, DateTimeOffset forgetAt, bool first)
    {
        var update = Builders<BsonDocument>.Update;
        return update.Combine(
        [
            update.SetOnInsert("day", Day(day)).SetOnInsert("forgetAt", BsonJson.Date(forgetAt)).Push("events", BsonValues.Key(e.Id)),
            .. e.Type switch
            {
                ImageEventTypes.Received when e.Data.Version == 1 => [update.Inc("received", 1L), update.Inc("bytes", e.Data.Bytes)],
                ImageEventTypes.Analyzed => Analyzed(e, first),
                ImageEventTypes.Rejected => Failed("rejected", e),
                ImageEventTypes.Failed => Failed("failed", e),
                ImageEventTypes.Deleted => [update.Inc("deleted", 1L)],
                ImageEventTypes.Restored when e.Data.DeletedAt is not null => [update.Inc("deleted", -1L)],
                _ => (IEnumerable<UpdateDefinition<BsonDocument>>)[],
            },
        ]);
    }

    /// <summary>A day as it is stored: its midnight, UTC.</summary>
    public static BsonDateTime Day(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc));

    private static IEnumerable<UpdateDefinition<BsonDocument>> Analyzed(ImageEvent e, bool first)
    {
        yield return Builders<BsonDocument>.Update.Inc("analyzed", 1L);
        if (e.Data.Tags is { Count: > 0 } tags)
            yield return Builders<BsonDocument>.Update.PushEach("tags", tags.Select(BsonValues.WellFormed));
        if (first)
            yield return Builders<BsonDocument>.Update.Push("buckets", DurationHistogram.BucketOf(e.Time - e.Data.UploadedAt));
    }

    private static IEnumerable<UpdateDefinition<BsonDocument>> Failed(string count, ImageEvent e)
    {
        yield return Builders<BsonDocument>.Update.Inc(count, 1L);
        if (e.Data.Failure is { } failure)
            yield return Builders<BsonDocument>.Update.Push("failures", BsonValues.WellFormed(failure.Code));
    }
}
