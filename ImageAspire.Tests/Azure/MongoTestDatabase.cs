using ImageAspire.Azure;
using ImageAspire.Azure.Catalog;
using MongoDB.Bson;
using MongoDB.Driver;

namespace ImageAspire.Tests.Azure;

/// <summary>A database of its own for each test, with the indexes that the services make at their start; dropped at the end.</summary>
internal sealed class MongoTestDatabase : IAsyncLifetime
{
    public const string Variable = "IMAGEASPIRE_TEST_MONGO";
    public const string Server = "MongoDB (for example mongodb://localhost:27017; a standalone server will do)";

    // One pool of connections for all tests, as in a service.
    private static readonly Lazy<MongoClient> Client = new(() => new MongoClient(Environment.GetEnvironmentVariable(Variable)));

    public IMongoDatabase Database { get; } = Client.Value.GetDatabase($"imageaspire-test-{Guid.NewGuid():N}");

    public IMongoCollection<BsonDocument> Images => Database.GetCollection<BsonDocument>(ImageDocument.Collection);

    public Task InitializeAsync() => new MongoIndexes(Database).StartAsync(CancellationToken.None);

    public Task DisposeAsync() => Client.Value.DropDatabaseAsync(Database.DatabaseNamespace.DatabaseName);
}

internal static class MongoCounts
{
    /// <summary>How many documents have a field.</summary>
    public static Task<long> CountHavingAsync(this IMongoCollection<BsonDocument> documents, string field) =>
        documents.CountDocumentsAsync(Builders<BsonDocument>.Filter.Exists(field));
}
