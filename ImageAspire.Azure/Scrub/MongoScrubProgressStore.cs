using ImageAspire.Azure.Mongo;
using ImageAspire.Core.Json;
using ImageAspire.Core.Ports;
using MongoDB.Bson;
using MongoDB.Driver;

namespace ImageAspire.Azure.Scrub;

/// <summary>The progress of the scrub on MongoDB: one document; its version decides between concurrent writers.</summary>
internal sealed class MongoScrubProgressStore(IMongoDatabase database) : IScrubProgressStore
{
    /// <summary>The collection.</summary>
    public const string Collection = "scrub";

    private const string Id = "progress";
    private const string Value = "progress";

    private static readonly FilterDefinitionBuilder<BsonDocument> By = Builders<BsonDocument>.Filter;

    private readonly IMongoCollection<BsonDocument> _scrub = database.GetCollection<BsonDocument>(Collection)
        .WithWriteConcern(WriteConcern.WMajority.With(journal: true));

    /// <inheritdoc />
    public async Task<ScrubProgress?> ReadAsync(CancellationToken cancellationToken)
    {
        var stored = await MongoErrors.TranslateAsync(() =>
            _scrub.Find(By.Eq("_id", Id), new FindOptions { MaxTime = MongoQueries.MaxTime }).FirstOrDefaultAsync(cancellationToken));
        return stored is null ? null : BsonJson.Read(stored[Value].AsBsonDocument, CoreJson.Default.ScrubProgress);
    }

    /// <inheritdoc />
    public Task<bool> SaveAsync(ScrubProgress progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(progress);
        var document = new BsonDocument { { "_id", Id }, { Value, BsonJson.Write(progress, CoreJson.Default.ScrubProgress) } };
        return MongoErrors.TranslateAsync(async () =>
        {
            if (progress.Version > 1)
            {
                var replaced = await _scrub.ReplaceOneAsync(By.And(By.Eq("_id", Id), By.Eq($"{Value}.version", progress.Version - 1)), document, new ReplaceOptions(), cancellationToken);
                return replaced.MatchedCount == 1;
            }

            return await _scrub.TryInsertAsync(document, cancellationToken);
        });
    }
}
