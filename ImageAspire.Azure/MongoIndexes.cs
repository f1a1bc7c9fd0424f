using ImageAspire.Azure.ApiKeys;
using ImageAspire.Azure.Audit;
using ImageAspire.Azure.Catalog;
using ImageAspire.Azure.Mongo;
using ImageAspire.Azure.Reports;
using ImageAspire.Azure.Scrub;
using ImageAspire.Azure.Webhooks;
using Microsoft.Extensions.Hosting;
using MongoDB.Bson;
using MongoDB.Driver;

namespace ImageAspire.Azure;

/// <summary>
/// Creates the indexes before the process serves requests. Creating one that exists changes nothing. The indexes of lists begin with the
/// fields that are compared for equality and end with the sort key and the id; <c>archived</c> comes early because almost every list
/// leaves archived records out.
/// </summary>
internal sealed class MongoIndexes(IMongoDatabase database) : IHostedService
{
    private const int OptionsConflict = 85;
    private const int KeySpecsConflict = 86;

    /// <summary>Every index, with its collection.</summary>
    public static IReadOnlyList<(string Collection, CreateIndexModel<BsonDocument> Index)> All { get; } =
    [
        // Sparse: tombstones have no digest, so that the same bytes can be uploaded again.
        (ImageDocument.Collection, Index("images_digest", unique: true, sparse: true, "image.sha256")),
        (ImageDocument.Collection, Index("images_newest", "find.archived", "-image.uploadedAt", "-_id")),
        (ImageDocument.Collection, Index("images_name", "find.archived", "find.name", "_id")),
        (ImageDocument.Collection, Index("images_largest", "find.archived", "-image.bytes", "-_id")),
        (ImageDocument.Collection, Index("images_status", "image.status", "find.archived", "-image.uploadedAt", "-_id")),
        (ImageDocument.Collection, Index("images_tag", "find.tags", "find.archived", "-image.uploadedAt", "-_id")),
        (ImageDocument.Collection, Index("images_words", "find.words", "find.archived")),
        (ImageDocument.Collection, Index("images_taken", "find.archived", "-" + MetadataFilter.Taken, "-_id")),
        (ImageDocument.Collection, Index("images_rating", "find.archived", "image.metadata.rating")),
        (ImageDocument.Collection, Index("images_place", "find.archived", "image.location.latitude", "image.location.longitude")),
        (ImageDocument.Collection, Index("images_camera", "find.camera", "find.archived")),
        (ImageDocument.Collection, Index("images_uploader", "image.uploadedByKey", "image.uploadedBy", "image.bytes")),
        (ImageDocument.Collection, Index("images_trash", unique: false, sparse: true, MongoImageTrash.Path)),
        (ImageDocument.Collection, Index("images_outbox", unique: false, sparse: true, "outbox.at")),
        (ImageDocument.Collection, Index("images_tombstones", unique: false, sparse: true, "deletedAt")),
        (MongoAuditLog.Collection, Index("audit_newest", "-sequence", "-_id")),
        (MongoAuditLog.Collection, Index("audit_image", "imageId", "-sequence", "-_id")),
        (MongoAuditLog.Collection, Index("audit_key", "keyId", "-sequence", "-_id")),
        (MongoAuditLog.Collection, Index("audit_actor", "actor", "-sequence", "-_id")),
        (MongoAuditLog.Collection, Index("audit_type", "type", "-sequence", "-_id")),
        // No two entries follow the same one. Sparse: entries from before the chain have no number.
        (MongoAuditLog.Collection, Index("audit_number", unique: true, sparse: true, AuditDocument.Number)),
        // For a short period long ago, which a scan from the newest entry would reach too late.
        (MongoAuditLog.Collection, Index("audit_time", "-at")),
        // Unique over all slots: no event is counted in two of them. Sparse: old slots have no events.
        (MongoReportStore.Slots, Index("reports_events", unique: true, sparse: true, "events")),
        (MongoReportStore.Slots, Index("reports_day", "day")),
        (MongoReportStore.Slots, Index("reports_forget", unique: false, sparse: true, "forgetAt")),
        (MongoWebhookDeliveries.Collection, Index("deliveries_once", unique: true, sparse: false, "key")),
        (MongoWebhookDeliveries.Collection, Index("deliveries_newest", "webhookId", "-_id")),
        (MongoWebhookDeliveries.Collection, Index("deliveries_due", "webhookId", "dueAt")),
        (MongoWebhookDeliveries.Collection, Expiring("deliveries_forget", "forgetAt")),
        // Sparse: a revoked key has no name here, so that its name can be used again.
        (MongoApiKeyStore.Collection, Index("keys_name", unique: true, sparse: true, "name")),
        (MongoApiKeyStore.Collection, Expiring("keys_forget", "forgetAt")),
        (MongoSpentTokenStore.Collection, Expiring("tokens_forget", "until")),
        (MongoScrubFindingStore.Collection, Index("findings_seen", "seenAt", "_id")),
    ];

    /// <inheritdoc />
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var (collection, index) in All)
        {
            try
            {
                await MongoErrors.TranslateAsync(() => database.GetCollection<BsonDocument>(collection).Indexes.CreateOneAsync(index, options: null, cancellationToken));
            }
            catch (MongoCommandException error) when (error.Code is OptionsConflict or KeySpecsConflict)
            {
                throw new InvalidOperationException(
                    $"Collection '{collection}' has a different index '{index.Options.Name}' ({error.Message}). Drop it; the next start creates the right one.", error);
            }
        }
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static CreateIndexModel<BsonDocument> Index(string name, params string[] fields) => Index(name, false, false, fields);

    // A TTL index: the server removes a document at the time in its field.
    private static CreateIndexModel<BsonDocument> Expiring(string name, string field) =>
        new(new BsonDocument(field, 1), new CreateIndexOptions { Name = name, ExpireAfter = TimeSpan.Zero });

    // A minus before a field's name means descending.
    private static CreateIndexModel<BsonDocument> Index(string name, bool unique, bool sparse, params string[] fields)
    {
        var keys = new BsonDocument(fields.Select(field => new BsonElement(field.TrimStart('-'), field[0] == '-' ? -1 : 1)));
        var options = new CreateIndexOptions { Name = name };
        if (unique)
            options.Unique = true;
        if (sparse)
            options.Sparse = true;
        return new CreateIndexModel<BsonDocument>(keys, options);
    }
}
