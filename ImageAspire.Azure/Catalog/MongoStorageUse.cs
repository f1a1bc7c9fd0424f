using ImageAspire.Azure.Mongo;
using ImageAspire.Core.Ports;
using MongoDB.Bson;
using MongoDB.Driver;

namespace ImageAspire.Azure.Catalog;

/// <summary>
/// The bytes of the images of API keys, summed at each call over one index that has all that is needed (<c>images_uploader</c>). A counter of
/// its own could differ from the records, because a record is one write of one document.
/// </summary>
internal sealed class MongoStorageUse(IMongoDatabase database) : IStorageUse
{
    private readonly IMongoCollection<BsonDocument> _images = database.GetCollection<BsonDocument>(ImageDocument.Collection);

    /// <inheritdoc />
    public async Task<IReadOnlyList<long>> ReadAsync(IReadOnlyList<KeyOwner> keys, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(keys);
        if (keys.Count == 0)
            return [];
        var sums = await MongoErrors.TranslateAsync(() => _images
            .Aggregate(Pipeline(keys), new AggregateOptions { MaxTime = MongoQueries.MaxTime }, cancellationToken).ToListAsync(cancellationToken));
        var bytes = sums.ToDictionary(sum => (Text(sum["_id"]["key"]), Text(sum["_id"]["name"])), sum => sum["bytes"].ToInt64());
        return [.. keys.Select(key => bytes.GetValueOrDefault((Text(key), null)) + bytes.GetValueOrDefault((null, key.Name)))];
    }

    /// <summary>The stages: the bytes by key, and of records without a key's id by name.</summary>
    public static PipelineDefinition<BsonDocument, BsonDocument> Pipeline(IReadOnlyList<KeyOwner> keys)
    {
        var ofKeys = new BsonDocument("image.uploadedByKey", new BsonDocument("$in", new BsonArray(keys.Select(Text))));
        var ofNames = new BsonDocument
        {
            { "image.uploadedByKey", BsonNull.Value }, { "image.uploadedBy", new BsonDocument("$in", new BsonArray(keys.Select(key => key.Name))) },
        };
        var name = new BsonDocument("$cond", new BsonArray { HasKey(), BsonNull.Value, "$image.uploadedBy" });
        var key = new BsonDocument("$ifNull", new BsonArray { "$image.uploadedByKey", BsonNull.Value });
        return PipelineDefinition<BsonDocument, BsonDocument>.Create(
        [
            new BsonDocument("$match", new BsonDocument("$or", new BsonArray { ofKeys, ofNames })),
            new BsonDocument("$group", new BsonDocument
            {
                { "_id", new BsonDocument { { "key", key }, { "name", name } } }, { "bytes", new BsonDocument("$sum", "$image.bytes") },
            }),
        ]);
    }

    private static BsonDocument HasKey() => new("$gt", new BsonArray { "$image.uploadedByKey", BsonNull.Value });

    private static string Text(KeyOwner key) => key.Id.ToString("D");

    private static string? Text(BsonValue value) => value.IsString ? value.AsString : null;
}
