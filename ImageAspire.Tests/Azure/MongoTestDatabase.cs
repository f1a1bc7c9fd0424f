using ImageAspire.Azure;
using ImageAspire.Azure.Catalog;
using MongoDB.Bson;
using MongoDB.Driver;

namespace ImageAspire.Tests.Azure;

/// <summary>A database of its own for each test, with the indexes that the services make at their start; dropped at the end.</summary>
internal sealed class MongoTestDatabase(MongoTestServer? server = null) : IAsyncLifetime
{
    private IMongoDatabase? _database;

    public IMongoDatabase Database => _database ?? throw new InvalidOperationException("The database is there from InitializeAsync on.");

    public IMongoCollection<BsonDocument> Images => Database.GetCollection<BsonDocument>(ImageDocument.Collection);

    public async ValueTask InitializeAsync()
    {
        _database = await (server ?? MongoTestServer.Standalone).CreateDatabaseAsync();
        await new MongoIndexes(_database).StartAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync() => await Database.Client.DropDatabaseAsync(Database.DatabaseNamespace.DatabaseName);
}

internal static class MongoCounts
{
    /// <summary>How many documents have a field.</summary>
    public static Task<long> CountHavingAsync(this IMongoCollection<BsonDocument> documents, string field) =>
        documents.CountDocumentsAsync(Builders<BsonDocument>.Filter.Exists(field));
}
