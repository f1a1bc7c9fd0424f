using ImageAspire.Azure.Catalog;
using ImageAspire.Core.Events;
using ImageAspire.Core.Ports;
using MongoDB.Bson;
using MongoDB.Driver;

namespace ImageAspire.Azure.Reports;

/// <summary>
/// Figures per day on MongoDB, each event counted exactly once with single-document writes alone. A day is the sum of its slots: documents
/// of the collection <c>reports</c> that hold counts together with the ids of the events in them, so that "remember the event" and "count it"
/// are one write, and no crash can come between. A unique index over the ids of all slots refuses an event that another
/// slot has; the filter of the write refuses one that this slot has. Each process fills slots of its own, 500 events each, so
/// that writers do not wait for each other and no document grows large. What is counted how is as in the embedded backend.
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

    // Long after the last delivery and most replays of dead letters; then slots keep their counts and forget their events.
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
            // Before the count, and the same answer at every delivery: so the count stays one write.
            var first = e.Type == ImageEventTypes.Analyzed && await IsFirstAnalysisAsync(e, cancellationToken);
            var counted = await CountAsync(e, number / SlotSize, first, cancellationToken);
            if (e.Type == ImageEventTypes.Deleted)
                await _firsts.DeleteOneAsync(ById(ImageDocument.Key(e.ImageId)), cancellationToken);
            if (number % SlotSize == 0)
                await ForgetAsync(cancellationToken);
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
        var day = DateOnly.FromDateTime(e.Time.UtcDateTime);
        var id = ImageDocument.Key(e.Id);
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
                // Refused: an earlier delivery counted it, or another thread made this slot at the same moment.
                if (await _slots.Find(Builders<BsonDocument>.Filter.Eq("events", id)).AnyAsync(cancellationToken))
                    return false;
            }
        }
    }

    private async Task<bool> IsFirstAnalysisAsync(ImageEvent e, CancellationToken cancellationToken)
    {
        var (image, id) = (ImageDocument.Key(e.ImageId), ImageDocument.Key(e.Id));
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

    private Task<UpdateResult> ForgetAsync(CancellationToken cancellationToken) => _slots.UpdateManyAsync(
        Builders<BsonDocument>.Filter.Lt("forgetAt", BsonJson.Date(time.GetUtcNow())),
        Builders<BsonDocument>.Update.Unset("events").Unset("forgetAt"), options: null, cancellationToken);

    private static FilterDefinition<BsonDocument> ById(BsonValue id) => Builders<BsonDocument>.Filter.Eq("_id", id);
}
