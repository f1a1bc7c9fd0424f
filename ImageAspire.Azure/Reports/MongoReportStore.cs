using ImageAspire.Azure.Mongo;
using ImageAspire.Core.Events;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Stores;
using MongoDB.Bson;
using MongoDB.Driver;

namespace ImageAspire.Azure.Reports;

/// <summary>
/// Figures per day on MongoDB; each event counts exactly once, with single-document writes only. A day is the sum of its slots: documents
/// of the collection <c>reports</c> with counts and the ids of the counted events, so that an event is recorded and counted in one atomic
/// write. A unique index over the ids of all slots refuses an event of another slot; the filter of the write refuses one of the same slot.
/// Each process fills its own slots, 500 events each, so that writers do not wait for each other and no document grows large. Counting
/// rules are those of the embedded backend.
/// </summary>
internal sealed class MongoReportStore(IMongoDatabase database, TimeProvider time) : IReportStore
{
    /// <summary>Counts and event ids.</summary>
    public const string Slots = "reports";

    /// <summary>Which event was the first analysis of an image.</summary>
    public const string FirstAnalyses = "reports-analyzed";

    private const int SlotSize = 500;
    private const int MaxDays = 366;
    private const int MaxRaces = 20;

    // Longer than deliveries and most dead letters last. Older slots keep their counts and drop their event ids.
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(180);

    private readonly IMongoCollection<BsonDocument> _slots = database.GetCollection<BsonDocument>(Slots)
        .WithWriteConcern(WriteConcern.WMajority.With(journal: true));

    private readonly IMongoCollection<BsonDocument> _firsts = database.GetCollection<BsonDocument>(FirstAnalyses)
        .WithWriteConcern(WriteConcern.WMajority.With(journal: true));

    private readonly DailyFigures _figures = new(database.GetCollection<BsonDocument>(Slots));
    private readonly string _instance = Guid.NewGuid().ToString("N");
    private long _applied = -1;

    /// <inheritdoc />
    public Task ApplyAsync(ImageEvent e, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(e);
        return MongoErrors.TranslateAsync(async () =>
        {
            var number = Interlocked.Increment(ref _applied);
            // Before the count, with the same result at every delivery, so that the count stays one write.
            var first = e.Type == ImageEventTypes.Analyzed && await IsFirstAnalysisAsync(e, cancellationToken);
            var counted = await CountAsync(e, number / SlotSize, first, cancellationToken);
            if (e.Type == ImageEventTypes.Purged)
                await _firsts.DeleteOneAsync(ById(BsonValues.Key(e.ImageId)), cancellationToken);
            if (number % SlotSize == 0)
                await DropOldIdsAsync(cancellationToken);
            return counted;
        });
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<DailyReport>> DailyAsync(DateOnly from, DateOnly to, CancellationToken cancellationToken)
    {
        if (to < from || to.DayNumber - from.DayNumber > MaxDays)
            throw new ArgumentOutOfRangeException(nameof(to), to, $"The last day must be 0 to {MaxDays} days after the first.");
        return MongoErrors.TranslateAsync(() => _figures.ReadAsync(from, to, cancellationToken));
    }

    private async Task<bool> CountAsync(ImageEvent e, long slot, bool first, CancellationToken cancellationToken)
    {
        var day = ReportDay.Of(e);
        var id = BsonValues.Key(e.Id);
        var filter = Builders<BsonDocument>.Filter.And(
            ById($"{day:yyyy-MM-dd}/{_instance}/{slot}"), Builders<BsonDocument>.Filter.Ne("events", id));
        var update = SlotUpdate.Of(e, day, time.GetUtcNow() + Remembered, first);
        for (var race = 0; ; race++)
        {
            try
            {
                await _slots.UpdateOneAsync(filter, update, new UpdateOptions { IsUpsert = true }, cancellationToken);
                return true;
            }
            catch (MongoWriteException error) when (MongoErrors.IsDuplicate(error) && race < MaxRaces)
            {
                // Refused: an earlier delivery counted it, or another thread created this slot at the same moment.
                if (await _slots.Find(Builders<BsonDocument>.Filter.Eq("events", id)).AnyAsync(cancellationToken))
                    return false;
            }
        }
    }

    private async Task<bool> IsFirstAnalysisAsync(ImageEvent e, CancellationToken cancellationToken)
    {
        var (image, id) = (BsonValues.Key(e.ImageId), BsonValues.Key(e.Id));
        try
        {
            await _firsts.InsertOneAsync(new BsonDocument { { "_id", image }, { "event", id } }, options: null, cancellationToken);
            return true;
        }
        catch (MongoWriteException error) when (MongoErrors.IsDuplicate(error))
        {
            var first = await _firsts.Find(ById(image)).FirstOrDefaultAsync(cancellationToken);
            return first is not null && first["event"] == id;
        }
    }

    private Task<UpdateResult> DropOldIdsAsync(CancellationToken cancellationToken) => _slots.UpdateManyAsync(
        Builders<BsonDocument>.Filter.Lt("forgetAt", BsonJson.Date(time.GetUtcNow())),
        Builders<BsonDocument>.Update.Unset("events").Unset("forgetAt"), options: null, cancellationToken);

    private static FilterDefinition<BsonDocument> ById(BsonValue id) => Builders<BsonDocument>.Filter.Eq("_id", id);
}
