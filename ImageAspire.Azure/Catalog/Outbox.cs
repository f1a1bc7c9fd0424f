using ImageAspire.Azure.Mongo;
using ImageAspire.Core.Events;
using MongoDB.Bson;
using MongoDB.Driver;

namespace ImageAspire.Azure.Catalog;

/// <summary>The events in documents that are not published yet.</summary>
internal sealed class Outbox(IMongoDatabase database)
{
    // Confirmed by the primary alone: a removal that is lost only publishes an event once more.
    private readonly IMongoCollection<BsonDocument> _images = database.GetCollection<BsonDocument>(ImageDocument.Collection);

    /// <summary>The entries of documents that have one from before a time; those of a document in the order of its changes.</summary>
    /// <param name="before">The time.</param>
    /// <param name="documents">Largest number of documents.</param>
    /// <param name="cancellationToken">Cancels the search.</param>
    public Task<List<BsonValue>> WaitingAsync(DateTimeOffset before, int documents, CancellationToken cancellationToken) => MongoErrors.TranslateAsync(async () =>
    {
        var found = await _images.Find(Builders<BsonDocument>.Filter.Lt("outbox.at", BsonJson.Date(before)))
            .Project<BsonDocument>(Builders<BsonDocument>.Projection.Include("outbox")).Limit(documents).ToListAsync(cancellationToken);
        return found.SelectMany(document => document["outbox"].AsBsonArray).ToList();
    });

    /// <summary>Removes exactly these events; events added meanwhile stay.</summary>
    public Task RemoveAsync(IReadOnlyCollection<ImageEvent> published, CancellationToken cancellationToken) => MongoErrors.TranslateAsync(async () =>
    {
        var removals = published.GroupBy(e => e.ImageId).Select(ofImage => new UpdateOneModel<BsonDocument>(
            ImageDocument.ById(ofImage.Key), Builders<BsonDocument>.Update.PullFilter<BsonDocument>("outbox",
                Builders<BsonDocument>.Filter.In("id", ofImage.Select(e => BsonValues.Key(e.Id))))));
        return await _images.BulkWriteAsync(removals, new BulkWriteOptions { IsOrdered = false }, cancellationToken);
    });

    /// <summary>Removes tombstones whose last event is published. No event is ever added to a tombstone, so an empty outbox stays empty.</summary>
    public Task<long> RemoveTombstonesAsync(DateTimeOffset before, CancellationToken cancellationToken) => MongoErrors.TranslateAsync(async () =>
    {
        var filter = Builders<BsonDocument>.Filter;
        var removed = await _images.DeleteManyAsync(
            filter.And(filter.Lt("deletedAt", BsonJson.Date(before)), filter.Size("outbox", 0)), cancellationToken);
        return removed.DeletedCount;
    });
}
