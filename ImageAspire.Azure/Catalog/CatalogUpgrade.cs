using ImageAspire.Azure.Mongo;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MongoDB.Bson;
using MongoDB.Driver;

namespace ImageAspire.Azure.Catalog;

/// <summary>
/// Adds the fields of lists that documents of earlier versions lack (<c>find.camera</c>, <c>find.taken</c>), once after each start, while
/// the process serves requests: until then a filter by camera or date does not find them. Several processes at once do no harm.
/// </summary>
internal sealed partial class CatalogUpgrade(IMongoDatabase database, TimeProvider time, ILogger<CatalogUpgrade> logger) : BackgroundService
{
    private const int BatchSize = 200;
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(1);
    private readonly IMongoCollection<BsonDocument> _images = database.GetCollection<BsonDocument>(ImageDocument.Collection);

    /// <summary>Documents that lack the fields; every complete one has <c>find.camera</c>, perhaps empty. Tombstones have no <c>find</c>.</summary>
    public static FilterDefinition<BsonDocument> Outdated { get; } = Builders<BsonDocument>.Filter.And(
        Builders<BsonDocument>.Filter.Eq("find.camera", BsonNull.Value), Builders<BsonDocument>.Filter.In("find.archived", [false, true]));

    /// <summary>Completes all documents; returns how many.</summary>
    public async Task<long> RunAsync(CancellationToken cancellationToken)
    {
        var completed = 0L;
        while (await NextAsync(cancellationToken) is { Count: > 0 } batch)
        {
            var result = await MongoErrors.TranslateAsync(() => _images.BulkWriteAsync(
                batch.Select(ImageDocument.Completion), new BulkWriteOptions { IsOrdered = false }, cancellationToken));
            completed += result.ModifiedCount;
        }

        return completed;
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!await TryRunAsync(stoppingToken))
            await Task.Delay(RetryAfter, time, stoppingToken);
    }

    private async Task<bool> TryRunAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await RunAsync(cancellationToken) is > 0 and var count)
                LogCompleted(logger, count);
            return true;
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(logger, error);
            return false;
        }
    }

    private Task<List<BsonDocument>> NextAsync(CancellationToken cancellationToken) => MongoErrors.TranslateAsync(() =>
        _images.Find(Outdated, new FindOptions { MaxTime = MongoQueries.MaxTime }).Limit(BatchSize)
            .Project<BsonDocument>(ImageDocument.RecordOnly).ToListAsync(cancellationToken));

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} images of an earlier version can now be found by camera and by the date they were taken.")]
    private static partial void LogCompleted(ILogger logger, long count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Images of an earlier version could not be prepared for filters by camera and date; it is retried.")]
    private static partial void LogFailed(ILogger logger, Exception error);
}
