using ImageAspire.Azure.Catalog;
using ImageAspire.Azure.Mongo;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Vectors;
using MongoDB.Bson;
using MongoDB.Driver;

namespace ImageAspire.Azure.Search;

/// <summary>
/// Finds images by comparing the vectors of all that the filters let through: any MongoDB can do that, up to <see cref="MaxImages"/>. For more,
/// docs/search.md names the vector indexes of Atlas and Cosmos DB vCore and what they cost.
/// </summary>
internal sealed class MongoVectorIndex(IMongoDatabase database) : IVectorIndex
{
    /// <summary>Most images that are compared: with 1,024 numbers 10 MB are read for each search.</summary>
    public const int MaxImages = 10_000;

    private const int Part = 250;
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(10);
    private static readonly FilterDefinitionBuilder<BsonDocument> Filter = Builders<BsonDocument>.Filter;
    private readonly IMongoCollection<BsonDocument> _images = database.GetCollection<BsonDocument>(ImageDocument.Collection);

    /// <summary>As <see cref="MaxImages"/>; smaller in tests.</summary>
    public int Most { get; init; } = MaxImages;

    /// <inheritdoc />
    public Task<IReadOnlyList<ImageVector>> GetAsync(Guid image, CancellationToken cancellationToken) => MongoErrors.TranslateAsync<IReadOnlyList<ImageVector>>(async () =>
    {
        var found = await _images.Find(ImageDocument.ById(image), new FindOptions { MaxTime = MongoQueries.MaxTime })
            .Project<BsonDocument>(Builders<BsonDocument>.Projection.Include(VectorFields.Field).Include(StoredVectors.HashField)).FirstOrDefaultAsync(cancellationToken);
        return found is null ? [] : [.. StoredVectors.Unpacked(found)];
    });

    /// <inheritdoc />
    public Task<IReadOnlyList<ScoredImage>> FindAsync(VectorQuery query, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1, nameof(query));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, VectorQuery.MaxLimit, nameof(query));
        var words = string.IsNullOrWhiteSpace(query.Filter.Text) ? null : FoldedWords.Conditions(query.Filter.Text);
        var camera = string.IsNullOrWhiteSpace(query.Filter.Camera) ? null : FoldedWords.Prefixes(query.Filter.Camera);
        var filter = PageFilter.Of(query.Filter with { Text = null, Cursor = null, Sort = ImageSort.Newest }, words: null, camera);
        return camera is [] ? Task.FromResult<IReadOnlyList<ScoredImage>>([])
            : MongoErrors.TranslateAsync<IReadOnlyList<ScoredImage>>(() => FindAsync(query, filter, words, cancellationToken));
    }

    private async Task<IReadOnlyList<ScoredImage>> FindAsync(
        VectorQuery query, FilterDefinition<BsonDocument> filter, IReadOnlyList<FilterDefinition<BsonDocument>>? words, CancellationToken cancellationToken)
    {
        var count = await _images.CountDocumentsAsync(filter, new CountOptions { Limit = Most + 1, MaxTime = MaxTime }, cancellationToken);
        if (count > Most)
            throw new VectorIndexTooLargeException($"More than {Most:#,0} images pass the filters; MongoDB without a vector index compares no more. Filter further (docs/search.md).");
        var found = new List<ScoredImage>();
        foreach (var part in (await CandidatesAsync(query, filter, cancellationToken)).Chunk(Part))
        {
            var records = await RecordsAsync(part.Select(one => one.Id), words, cancellationToken);
            found.AddRange(part.Where(one => records.ContainsKey(one.Id)).Select(one => new ScoredImage(records[one.Id], one.Score)));
            if (found.Count >= query.Limit)
                break;
        }

        return [.. found.Take(query.Limit)];
    }

    // Best first, of equal ones the newest.
    private async Task<List<ScorePosition>> CandidatesAsync(VectorQuery query, FilterDefinition<BsonDocument> filter, CancellationToken cancellationToken)
    {
        var scored = new List<(ScorePosition Place, BsonValue Key)>();
        var fields = Builders<BsonDocument>.Projection.Include(query.Kind == VectorKind.Hash ? StoredVectors.HashField : VectorFields.Of(query.Kind));
        using var documents = await _images.Find(filter, new FindOptions { MaxTime = MaxTime }).Project<BsonDocument>(fields).ToCursorAsync(cancellationToken);
        while (await documents.MoveNextAsync(cancellationToken))
        {
            foreach (var document in documents.Current)
            {
                if (StoredVectors.Best(document, query) is { } score && score >= query.MinScore)
                    scored.Add((new ScorePosition(score, BsonValues.Id(document["_id"])), document["_id"]));
            }
        }

        var after = query.After is { } place ? (place.Score, Key: (BsonValue)BsonValues.Key(place.Id)) : ((double Score, BsonValue Key)?)null;
        return [.. scored.Where(one => after is null || one.Place.Score < after.Value.Score || one.Place.Score == after.Value.Score && one.Key.CompareTo(after.Value.Key) < 0)
            .OrderByDescending(one => one.Place.Score).ThenByDescending(one => one.Key).Select(one => one.Place)];
    }

    private async Task<Dictionary<Guid, ImageRecord>> RecordsAsync(
        IEnumerable<Guid> ids, IReadOnlyList<FilterDefinition<BsonDocument>>? words, CancellationToken cancellationToken)
    {
        var wanted = Filter.In("_id", ids.Select(id => (BsonValue)BsonValues.Key(id)));
        HashSet<BsonValue> withWords = words is null or [] ? [] : [.. (await _images.Find(Filter.And([wanted, .. words]), new FindOptions { MaxTime = MaxTime })
            .Project<BsonDocument>(Builders<BsonDocument>.Projection.Include("_id")).ToListAsync(cancellationToken)).Select(one => one["_id"])];
        var documents = await _images.Find(wanted, new FindOptions { MaxTime = MaxTime, BatchSize = Part + 1 })
            .Project<BsonDocument>(ImageDocument.RecordOnly).ToListAsync(cancellationToken);
        return documents.Where(one => !withWords.Contains(one["_id"])).Select(ImageDocument.Record).OfType<ImageRecord>().ToDictionary(record => record.Id);
    }}
