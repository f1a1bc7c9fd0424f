using MongoDB.Bson;
using MongoDB.Driver;

namespace ImageAspire.Azure.Mongo;

/// <summary>Inserts that only one of several writers makes.</summary>
internal static class MongoInserts
{
    /// <summary>Inserts a document; false when there is one with its id.</summary>
    public static async Task<bool> TryInsertAsync(this IMongoCollection<BsonDocument> collection, BsonDocument document, CancellationToken cancellationToken)
    {
        try
        {
            await collection.InsertOneAsync(document, options: null, cancellationToken);
            return true;
        }
        catch (MongoWriteException error) when (MongoErrors.IsDuplicate(error) && error.WriteConcernError is null)
        {
            return false;
        }
    }
}
