using MongoDB.Bson;
using MongoDB.Bson.Serialization;
using MongoDB.Driver;

namespace ImageAspire.Tests.Azure;

/// <summary>What the driver would send.</summary>
internal static class MongoRendering
{
    public static readonly RenderArgs<BsonDocument> Args = new(BsonSerializer.LookupSerializer<BsonDocument>(), BsonSerializer.SerializerRegistry);

    public static BsonDocument Rendered(this FilterDefinition<BsonDocument> filter) => filter.Render(Args);

    public static BsonDocument Rendered(this UpdateDefinition<BsonDocument> update) => update.Render(Args).AsBsonDocument;

    public static BsonDocument Rendered(this SortDefinition<BsonDocument> sort) => sort.Render(Args);
}
