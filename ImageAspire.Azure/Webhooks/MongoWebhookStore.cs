using ImageAspire.Azure.Mongo;
using ImageAspire.Core.Json;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Webhooks;
using MongoDB.Bson;
using MongoDB.Driver;

namespace ImageAspire.Azure.Webhooks;

/// <summary>The webhooks on MongoDB, a document for each. Ids are UUIDv7, so their order is that of creation.</summary>
internal sealed class MongoWebhookStore(IMongoDatabase database) : IWebhookStore
{
    /// <summary>The collection.</summary>
    public const string Collection = "webhooks";

    private static readonly FilterDefinitionBuilder<BsonDocument> By = Builders<BsonDocument>.Filter;

    private readonly IMongoCollection<BsonDocument> _webhooks = database.GetCollection<BsonDocument>(Collection)
        .WithWriteConcern(WriteConcern.WMajority.With(journal: true));

    private readonly IMongoCollection<BsonDocument> _deliveries = database.GetCollection<BsonDocument>(MongoWebhookDeliveries.Collection)
        .WithWriteConcern(WriteConcern.WMajority.With(journal: true));

    /// <inheritdoc />
    public Task<bool> AddAsync(Webhook webhook, CancellationToken cancellationToken) => MongoErrors.TranslateAsync(async () =>
    {
        if (await _webhooks.CountDocumentsAsync(By.Empty, options: null, cancellationToken) >= Webhook.Most)
            return false;
        await _webhooks.InsertOneAsync(Document(webhook), options: null, cancellationToken);
        return true;
    });

    /// <inheritdoc />
    public async Task<IReadOnlyList<Webhook>> ListAsync(CancellationToken cancellationToken)
    {
        var all = await MongoErrors.TranslateAsync(() => _webhooks.Find(By.Empty, new FindOptions { MaxTime = MongoQueries.MaxTime })
            .Sort(Builders<BsonDocument>.Sort.Ascending("_id")).ToListAsync(cancellationToken));
        return [.. all.Select(Read)];
    }

    /// <inheritdoc />
    public async Task<Webhook?> GetAsync(Guid id, CancellationToken cancellationToken)
    {
        var found = await MongoErrors.TranslateAsync(() => _webhooks.Find(ById(id), new FindOptions { MaxTime = MongoQueries.MaxTime }).FirstOrDefaultAsync(cancellationToken));
        return found is null ? null : Read(found);
    }

    /// <inheritdoc />
    public Task<bool> ReplaceAsync(Webhook after, CancellationToken cancellationToken) => MongoErrors.TranslateAsync(async () =>
        (await _webhooks.ReplaceOneAsync(By.And(ById(after.Id), By.Eq("webhook.version", after.Version - 1)), Document(after), new ReplaceOptions(), cancellationToken))
            .MatchedCount == 1);

    /// <inheritdoc />
    public Task<bool> DeleteAsync(Guid id, CancellationToken cancellationToken) => MongoErrors.TranslateAsync(async () =>
    {
        var deleted = (await _webhooks.DeleteOneAsync(ById(id), cancellationToken)).DeletedCount == 1;
        // One that a stage adds at this moment stays, is never sent, and expires.
        await _deliveries.DeleteManyAsync(By.Eq("webhookId", BsonValues.Key(id)), cancellationToken);
        return deleted;
    });

    private static FilterDefinition<BsonDocument> ById(Guid id) => By.Eq("_id", BsonValues.Key(id));

    private static BsonDocument Document(Webhook webhook) => new()
    {
        { "_id", BsonValues.Key(webhook.Id) }, { "webhook", BsonJson.Write(webhook, CoreJson.Default.Webhook) },
    };

    private static Webhook Read(BsonDocument stored) => BsonJson.Read(stored["webhook"].AsBsonDocument, CoreJson.Default.Webhook);
}
