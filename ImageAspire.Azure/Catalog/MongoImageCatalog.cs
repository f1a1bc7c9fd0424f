using ImageAspire.Azure.Mongo;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Stores;
using MongoDB.Bson;
using MongoDB.Driver;

namespace ImageAspire.Azure.Catalog;

/// <summary>The catalog on MongoDB. A standalone server suffices: transactions and change streams are not used.</summary>
internal sealed class MongoImageCatalog(IMongoDatabase database, OutboxQueue queue, TimeProvider time) : IImageCatalog
{
    // Counting scans every record.
    private static readonly TimeSpan MaxCountTime = TimeSpan.FromSeconds(30);

    private readonly IMongoCollection<BsonDocument> _images = database.GetCollection<BsonDocument>(ImageDocument.Collection);

    // On a majority of the servers, journaled: an acknowledged commit survives a power cut and a change of the primary.
    private readonly CatalogWriter _writer = new(database.GetCollection<BsonDocument>(ImageDocument.Collection)
        .WithWriteConcern(WriteConcern.WMajority.With(journal: true)), queue, time);

    /// <inheritdoc />
    public Task<ImageRecord?> GetWithTrashAsync(Guid id, CancellationToken cancellationToken) => OneAsync(ImageDocument.ById(id), cancellationToken);

    /// <inheritdoc />
    public Task<ImageRecord?> FindAsync(string sha256, CancellationToken cancellationToken) => CatalogRules.IsDigest(sha256)
        ? OneAsync(ImageDocument.ByDigest(sha256), cancellationToken)
        : Task.FromResult<ImageRecord?>(null);

    /// <inheritdoc />
    public async Task<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<Transition> transitions, CancellationToken cancellationToken)
    {
        CatalogRules.Check(transitions);
        cancellationToken.ThrowIfCancellationRequested();
        return await MongoErrors.TranslateAsync(() => _writer.ApplyAsync(transitions, cancellationToken));
    }

    /// <inheritdoc />
    public async Task<ImagePage> QueryAsync(ImageQuery query, CancellationToken cancellationToken)
    {
        CatalogRules.Check(query);
        var words = string.IsNullOrWhiteSpace(query.Text) ? null : FoldedWords.Conditions(query.Text);
        var camera = string.IsNullOrWhiteSpace(query.Camera) ? null : FoldedWords.Prefixes(query.Camera);
        var filter = PageFilter.Of(query, words, camera);
        if (words is [] || camera is [])
            return new ImagePage([], null); // punctuation only: no record has such a word
        var found = await MongoErrors.TranslateAsync(() => _images.Find(filter, MongoQueries.PageOptions(query.Limit))
            .Sort(PageFilter.Sort(query.Sort)).Limit(query.Limit + 1).Project<BsonDocument>(ImageDocument.RecordOnly).ToListAsync(cancellationToken));
        var items = found.Take(query.Limit).Select(ImageDocument.Record).OfType<ImageRecord>().ToList();
        return new ImagePage(items, found.Count > query.Limit ? PageFilter.Cursor(query, items[^1]) : null);
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<FacetCount>> CountAsync(Facet facet, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, 1000);
        var counts = await MongoErrors.TranslateAsync(() => _images
            .Aggregate(PipelineOf(facet, limit), new AggregateOptions { MaxTime = MaxCountTime, AllowDiskUse = true }, cancellationToken)
            .ToListAsync(cancellationToken));
        return [.. counts.Select(count => new FacetCount(count["_id"].AsString, count["count"].ToInt64()))];
    }

    /// <summary>The stages that count a facet: most first, then by the value.</summary>
    public static PipelineDefinition<BsonDocument, BsonDocument> PipelineOf(Facet facet, int limit)
    {
        BsonDocument[] source = facet == Facet.Tag
            ? [Stage("$match", new BsonDocument("find.archived", false)), Stage("$project", new BsonDocument { { "_id", 0 }, { "value", "$find.tags" } }), Stage("$unwind", "$value")]
            : [Stage("$match", new BsonDocument("find.archived", new BsonDocument("$in", new BsonArray { false, true }))), Stage("$project", new BsonDocument { { "_id", 0 }, { "value", "$image.status" } })];
        return PipelineDefinition<BsonDocument, BsonDocument>.Create(
        [
            .. source,
            Stage("$group", new BsonDocument { { "_id", "$value" }, { "count", new BsonDocument("$sum", 1) } }),
            Stage("$sort", new BsonDocument { { "count", -1 }, { "_id", 1 } }),
            Stage("$limit", limit),
        ]);
    }

    private static BsonDocument Stage(string name, BsonValue body) => new(name, body);

    private Task<ImageRecord?> OneAsync(FilterDefinition<BsonDocument> filter, CancellationToken cancellationToken) => MongoErrors.TranslateAsync(async () =>
    {
        var found = await _images.Find(filter, new FindOptions { MaxTime = MongoQueries.MaxTime })
            .Project<BsonDocument>(ImageDocument.RecordOnly).FirstOrDefaultAsync(cancellationToken);
        return found is null ? null : ImageDocument.Record(found);
    });
}
