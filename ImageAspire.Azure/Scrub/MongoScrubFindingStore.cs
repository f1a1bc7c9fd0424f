using ImageAspire.Azure.Mongo;
using ImageAspire.Core.Json;
using ImageAspire.Core.Ports;
using MongoDB.Bson;
using MongoDB.Driver;

namespace ImageAspire.Azure.Scrub;

/// <summary>The findings of the scrub on MongoDB, a document for each image: <c>_id</c>, <c>seenAt</c>, <c>finding</c>.</summary>
internal sealed class MongoScrubFindingStore(IMongoDatabase database) : IScrubFindingStore
{
    /// <summary>The collection.</summary>
    public const string Collection = "scrubFindings";

    private static readonly FilterDefinitionBuilder<BsonDocument> By = Builders<BsonDocument>.Filter;

    private readonly IMongoCollection<BsonDocument> _findings = database.GetCollection<BsonDocument>(Collection)
        .WithWriteConcern(WriteConcern.WMajority.With(journal: true));

    /// <inheritdoc />
    public Task<bool> AddAsync(ScrubFinding finding, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(finding);
        return MongoErrors.TranslateAsync(() => _findings.TryInsertAsync(Document(finding), cancellationToken));
    }

    /// <inheritdoc />
    public async Task<bool> UpdateAsync(ScrubFinding finding, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(finding);
        var replaced = await MongoErrors.TranslateAsync(() => _findings.ReplaceOneAsync(Of(finding.ImageId), Document(finding), new ReplaceOptions(), cancellationToken));
        return replaced.MatchedCount == 1;
    }

    /// <inheritdoc />
    public async Task<bool> RemoveAsync(Guid imageId, CancellationToken cancellationToken) =>
        (await MongoErrors.TranslateAsync(() => _findings.DeleteOneAsync(Of(imageId), cancellationToken))).DeletedCount == 1;

    /// <inheritdoc />
    public async Task<ScrubFinding?> FindAsync(Guid imageId, CancellationToken cancellationToken) =>
        await MongoErrors.TranslateAsync(() => _findings.Find(Of(imageId), new FindOptions { MaxTime = MongoQueries.MaxTime }).FirstOrDefaultAsync(cancellationToken)) is { } found
            ? Read(found) : null;

    /// <inheritdoc />
    public Task<ScrubFindings> ListAsync(int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, ScrubFindings.MaxListed);
        return MongoErrors.TranslateAsync(async () =>
        {
            var total = await _findings.CountDocumentsAsync(By.Empty, new CountOptions { MaxTime = MongoQueries.MaxTime }, cancellationToken);
            var items = total == 0 ? [] : await _findings.Find(By.Empty, MongoQueries.PageOptions(limit))
                .Sort(Builders<BsonDocument>.Sort.Ascending("seenAt").Ascending("_id")).Limit(limit).ToListAsync(cancellationToken);
            return new ScrubFindings(total, [.. items.Select(Read)]);
        });
    }

    private static FilterDefinition<BsonDocument> Of(Guid imageId) => By.Eq("_id", BsonValues.Key(imageId));

    private static BsonDocument Document(ScrubFinding finding) => new()
    {
        { "_id", BsonValues.Key(finding.ImageId) }, { "seenAt", BsonJson.Date(finding.SeenAt) }, { "finding", BsonJson.Write(finding, CoreJson.Default.ScrubFinding) },
    };

    private static ScrubFinding Read(BsonDocument document) => BsonJson.Read(document["finding"].AsBsonDocument, CoreJson.Default.ScrubFinding);
}
