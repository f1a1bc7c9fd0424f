using ImageAspire.Azure.Mongo;
using ImageAspire.Core.Access;
using ImageAspire.Core.Json;
using ImageAspire.Core.Ports;
using MongoDB.Bson;
using MongoDB.Driver;

namespace ImageAspire.Azure.ApiKeys;

/// <summary>
/// The API keys on MongoDB, a document for each: <c>_id</c>, <c>name</c> (normalised; absent for a revoked key, so that its name can be
/// used again), <c>key</c> (the key as JSON), <c>forgetAt</c> (of a revoked key). The revision is a separate document that is incremented
/// after each change, before the caller gets a result. When a process dies in between, readers see its change with the next one, or at
/// their periodic full read.
/// </summary>
internal sealed class MongoApiKeyStore(IMongoDatabase database, TimeProvider time) : IApiKeyStore
{
    /// <summary>The collection of the keys.</summary>
    public const string Collection = "apiKeys";

    private const string Revision = "revision";

    private static readonly FilterDefinitionBuilder<BsonDocument> By = Builders<BsonDocument>.Filter;
    private static readonly UpdateDefinitionBuilder<BsonDocument> Update = Builders<BsonDocument>.Update;

    private readonly IMongoCollection<BsonDocument> _keys = database.GetCollection<BsonDocument>(Collection)
        .WithWriteConcern(WriteConcern.WMajority.With(journal: true));

    private readonly IMongoCollection<BsonDocument> _state = database.GetCollection<BsonDocument>("apiKeyState")
        .WithWriteConcern(WriteConcern.WMajority.With(journal: true));

    private readonly IMongoCollection<BsonDocument> _uses = database.GetCollection<BsonDocument>("apiKeyUses");

    /// <inheritdoc />
    public Task<ApiKeyWrite> AddAsync(ApiKey key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        return WriteAsync(async () =>
        {
            await RemoveForgottenAsync(cancellationToken);
            if (await _keys.CountDocumentsAsync(By.Exists("name"), options: null, cancellationToken) >= ApiKey.Most)
                return ApiKeyWrite.TooMany;
            await _keys.InsertOneAsync(Document(key), options: null, cancellationToken);
            return ApiKeyWrite.Done;
        }, cancellationToken);
    }

    /// <inheritdoc />
    public Task<ApiKeyWrite> ReplaceAsync(ApiKey after, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(after);
        return WriteAsync(async () =>
        {
            var replaced = await _keys.ReplaceOneAsync(
                By.And(ById(after.Id), By.Eq("key.version", after.Version - 1)), Document(after), new ReplaceOptions(), cancellationToken);
            return replaced.MatchedCount == 1 ? ApiKeyWrite.Done : ApiKeyWrite.Stale;
        }, cancellationToken);
    }

    /// <inheritdoc />
    public async Task<ApiKey?> GetAsync(Guid id, CancellationToken cancellationToken)
    {
        var found = await MongoErrors.TranslateAsync(() => _keys.Find(ById(id), Limit()).FirstOrDefaultAsync(cancellationToken));
        return found is null ? null : Read(found);
    }

    /// <inheritdoc />
    public Task<ApiKeySet?> ReadAsync(long? unless, CancellationToken cancellationToken) => MongoErrors.TranslateAsync<ApiKeySet?>(async () =>
    {
        // The revision first: a change in between is read now and, because the revision is then newer, once more.
        var state = await _state.Find(By.Eq("_id", Revision), Limit()).FirstOrDefaultAsync(cancellationToken);
        var revision = state?["number"].ToInt64() ?? 0;
        if (revision == unless)
            return null;
        var keys = await _keys.Find(By.Empty, Limit()).Sort(Builders<BsonDocument>.Sort.Ascending("_id")).ToListAsync(cancellationToken);
        var uses = await _uses.Find(By.Empty, Limit()).ToListAsync(cancellationToken);
        return new ApiKeySet(revision, [.. keys.Select(Read)], [.. uses.Select(Use)]);
    });

    /// <inheritdoc />
    public Task TouchAsync(IReadOnlyCollection<ApiKeyUse> uses, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(uses);
        if (uses.Count == 0)
            return Task.CompletedTask;
        var updates = uses.Select(use => new UpdateOneModel<BsonDocument>(ById(use.KeyId), Update.Max("at", BsonJson.Date(use.At))) { IsUpsert = true });
        return MongoErrors.TranslateAsync(() => _uses.BulkWriteAsync(updates, new BulkWriteOptions { IsOrdered = false }, cancellationToken));
    }

    /// <summary>The stored form of a key.</summary>
    public static BsonDocument Document(ApiKey key) => new()
    {
        { "_id", BsonValues.Key(key.Id) },
        { "name", BsonValues.WellFormed(ApiKey.NameKey(key.Name)), key.RevokedAt is null },
        { "key", BsonJson.Write(key, CoreJson.Default.ApiKey) },
        { "forgetAt", key.RevokedAt is { } at ? BsonJson.Date(at + ApiKey.Remembered) : BsonNull.Value, key.RevokedAt is not null },
    };

    /// <summary>The key in a document.</summary>
    public static ApiKey Read(BsonDocument stored) => BsonJson.Read(stored["key"].AsBsonDocument, CoreJson.Default.ApiKey);

    private Task<ApiKeyWrite> WriteAsync(Func<Task<ApiKeyWrite>> write, CancellationToken cancellationToken) => MongoErrors.TranslateAsync(async () =>
    {
        try
        {
            var result = await write();
            if (result == ApiKeyWrite.Done)
                await _state.UpdateOneAsync(By.Eq("_id", Revision), Update.Inc("number", 1L), new UpdateOptions { IsUpsert = true }, cancellationToken);
            return result;
        }
        catch (MongoWriteException error) when (MongoErrors.IsDuplicate(error) && error.WriteConcernError is null)
        {
            return ApiKeyWrite.NameTaken;
        }
    });

    // By number; the TTL index removes them by age. A caller that creates and revokes keys all day must not fill the store.
    private async Task RemoveForgottenAsync(CancellationToken cancellationToken)
    {
        var revoked = await _keys.Find(By.Exists("forgetAt"), Limit()).Project(Builders<BsonDocument>.Projection.Include("forgetAt"))
            .Sort(Builders<BsonDocument>.Sort.Descending("forgetAt")).ToListAsync(cancellationToken);
        var now = BsonJson.Date(time.GetUtcNow());
        var forgotten = revoked.Where((one, i) => i >= ApiKey.Most || one["forgetAt"].AsBsonDateTime.CompareTo(now) < 0).Select(one => one["_id"]).ToList();
        if (forgotten.Count == 0)
            return;
        await _uses.DeleteManyAsync(By.In("_id", forgotten), cancellationToken);
        await _keys.DeleteManyAsync(By.In("_id", forgotten), cancellationToken);
    }

    private static ApiKeyUse Use(BsonDocument stored) => new(
        BsonValues.Id(stored["_id"]), DateTimeOffset.FromUnixTimeMilliseconds(stored["at"].AsBsonDateTime.MillisecondsSinceEpoch));

    private static FindOptions Limit() => new() { MaxTime = MongoQueries.MaxTime };

    private static FilterDefinition<BsonDocument> ById(Guid id) => By.Eq("_id", BsonValues.Key(id));
}
