using ImageAspire.Azure;
using ImageAspire.Azure.Catalog;
using ImageAspire.Tests.Requirements;
using MongoDB.Bson;
using MongoDB.Driver;

namespace ImageAspire.Tests.Azure;

/// <summary>A database of its own for each test, with the indexes that the services make at their start; dropped at the end. Without a server the test is skipped.</summary>
internal sealed class MongoTestDatabase : IAsyncLifetime
{
    private const string Variable = "IMAGEASPIRE_TEST_MONGO";

    // One pool of connections for all tests, as in a service.
    private static readonly Lazy<MongoClient> Client = new(() => new MongoClient(Environment.GetEnvironmentVariable(Variable)));

    public MongoTestDatabase()
    {
        Requires.Server(Variable, "MongoDB (for example mongodb://localhost:27017; a standalone server will do)");
        Database = Client.Value.GetDatabase($"imageaspire-test-{Guid.NewGuid():N}");
    }

    public IMongoDatabase Database { get; }

    public IMongoCollection<BsonDocument> Images => Database.GetCollection<BsonDocument>(ImageDocument.Collection);

    public async ValueTask InitializeAsync() => await new MongoIndexes(Database).StartAsync(CancellationToken.None);

    public async ValueTask DisposeAsync() => await Client.Value.DropDatabaseAsync(Database.DatabaseNamespace.DatabaseName);
}

internal static class MongoCounts
{
    /// <summary>How many documents have a field.</summary>
    public static Task<long> CountHavingAsync(this IMongoCollection<BsonDocument> documents, string field) =>
        documents.CountDocumentsAsync(Builders<BsonDocument>.Filter.Exists(field));
}
