using ImageAspire.Azure.Mongo;
using ImageAspire.Core.Paging;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Webhooks;
using MongoDB.Bson;
using MongoDB.Driver;

namespace ImageAspire.Azure.Webhooks;

/// <summary>
/// The deliveries on MongoDB, a document for each, changed by single-document writes alone. A claim is a due time in the future and
/// a lease, which identifies its owner; a unique key of webhook and event refuses duplicates; a TTL index removes old ones.
/// </summary>
internal sealed class MongoWebhookDeliveries(IMongoDatabase database, TimeProvider time) : IWebhookDeliveries
{
    /// <summary>The collection.</summary>
    public const string Collection = "webhook-deliveries";

    private const int MaxLimit = 200;
    private const int MaxClaims = 100;

    private static readonly FilterDefinitionBuilder<BsonDocument> By = Builders<BsonDocument>.Filter;
    private static readonly UpdateDefinitionBuilder<BsonDocument> Change = Builders<BsonDocument>.Update;

    private readonly IMongoCollection<BsonDocument> _deliveries = database.GetCollection<BsonDocument>(Collection)
        .WithWriteConcern(WriteConcern.WMajority.With(journal: true));

    /// <inheritdoc />
    public async Task EnqueueAsync(IReadOnlyList<WebhookDelivery> deliveries, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(deliveries);
        if (deliveries.Count == 0)
            return;
        var now = time.GetUtcNow();
        await MongoErrors.TranslateAsync(async () =>
        {
            try
            {
                await _deliveries.InsertManyAsync(deliveries.Select(one => DeliveryDocument.New(one, now)), new InsertManyOptions { IsOrdered = false }, cancellationToken);
            }
            catch (MongoBulkWriteException error) when (error.WriteConcernError is null
                && error.WriteErrors.All(one => one.Category == ServerErrorCategory.DuplicateKey))
            {
                // There since an earlier message; unordered, so all others were added.
            }

            return true;
        });
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<ClaimedDelivery>> ClaimAsync(Guid webhookId, int most, TimeSpan lease, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(most, MaxClaims);
        var (claims, name, now) = (new List<ClaimedDelivery>(), Guid.NewGuid(), time.GetUtcNow());
        var due = By.And(By.Eq("webhookId", BsonValues.Key(webhookId)), By.Lte("dueAt", BsonJson.Date(now)));
        var taking = Change.Set("dueAt", BsonJson.Date(now + lease)).Set("lease", BsonValues.Key(name));
        var options = new FindOneAndUpdateOptions<BsonDocument> { Sort = Builders<BsonDocument>.Sort.Ascending("dueAt"), ReturnDocument = ReturnDocument.After };
        while (claims.Count < most
            && await MongoErrors.TranslateAsync(() => _deliveries.FindOneAndUpdateAsync(due, taking, options, cancellationToken)) is { } taken)
        {
            claims.Add(new ClaimedDelivery(DeliveryDocument.Read(taken), name));
        }

        return claims;
    }

    /// <inheritdoc />
    public Task<bool> RecordAsync(ClaimedDelivery claim, DeliveryAttempt attempt, DeliveryState state, TimeSpan? retryAfter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(claim);
        ArgumentNullException.ThrowIfNull(attempt);
        var update = Change.Set("state", (int)state).Set("tries", attempt.Number).Unset("lease")
            .PushEach("attempts", [DeliveryDocument.Write(attempt)], slice: -WebhookDelivery.MostAttempts);
        var now = time.GetUtcNow();
        update = retryAfter is { } wait
            ? update.Set("dueAt", BsonJson.Date(now + wait))
            : update.Unset("dueAt").Set("forgetAt", BsonJson.Date(now + WebhookDelivery.Remembered));
        return UpdateAsync(By.And(ById(claim.Delivery.Id), By.Eq("lease", BsonValues.Key(claim.Lease))), update, cancellationToken);
    }

    /// <inheritdoc />
    public async Task<bool> RequeueAsync(Guid webhookId, Guid deliveryId, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var one = By.And(ById(deliveryId), By.Eq("webhookId", BsonValues.Key(webhookId)));
        var free = By.Or(By.Exists("lease", exists: false), By.Lte("dueAt", BsonJson.Date(now)));
        var update = Change.Set("state", (int)DeliveryState.Pending).Set("tries", 0).Set("dueAt", BsonJson.Date(now)).Unset("lease")
            .Set("forgetAt", DeliveryDocument.ForgetUnfinished(now));
        return await UpdateAsync(By.And(one, free), update, cancellationToken)
            || await MongoErrors.TranslateAsync(() => _deliveries.Find(one).AnyAsync(cancellationToken)); // it is being sent
    }

    /// <inheritdoc />
    public async Task<DeliveryPage> ListAsync(Guid webhookId, int limit, string? cursor, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxLimit);
        var filter = By.And(By.Eq("webhookId", BsonValues.Key(webhookId)), By.Lt("_id", BsonValues.Key(DeliveryCursor.Read(cursor, webhookId))));
        var found = await MongoErrors.TranslateAsync(() => _deliveries.Find(filter, MongoQueries.PageOptions(limit))
            .Sort(Builders<BsonDocument>.Sort.Descending("_id")).Limit(limit + 1).ToListAsync(cancellationToken));
        var items = found.Take(limit).Select(DeliveryDocument.Read).ToList();
        return new DeliveryPage(items, found.Count > limit ? DeliveryCursor.Write(items[^1].Id, webhookId) : null);
    }

    private static FilterDefinition<BsonDocument> ById(Guid id) => By.Eq("_id", BsonValues.Key(id));

    private Task<bool> UpdateAsync(FilterDefinition<BsonDocument> filter, UpdateDefinition<BsonDocument> update, CancellationToken cancellationToken) =>
        MongoErrors.TranslateAsync(async () => (await _deliveries.UpdateOneAsync(filter, update, new UpdateOptions(), cancellationToken)).MatchedCount == 1);
}
