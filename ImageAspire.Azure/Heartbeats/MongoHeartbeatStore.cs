using ImageAspire.Azure.Mongo;
using ImageAspire.Core.Heartbeats;
using ImageAspire.Core.Json;
using ImageAspire.Core.Ports;
using MongoDB.Bson;
using MongoDB.Driver;

namespace ImageAspire.Azure.Heartbeats;

/// <summary>Heartbeats on MongoDB, a document for each process: <c>_id</c>, <c>heartbeat</c>.</summary>
internal sealed class MongoHeartbeatStore(IMongoDatabase database) : IHeartbeatStore
{
    /// <summary>The collection.</summary>
    public const string Collection = "heartbeats";

    private static readonly FilterDefinitionBuilder<BsonDocument> By = Builders<BsonDocument>.Filter;

    // Written by one server: the next heartbeat follows in seconds.
    private readonly IMongoCollection<BsonDocument> _heartbeats = database.GetCollection<BsonDocument>(Collection).WithWriteConcern(WriteConcern.W1);

    /// <inheritdoc />
    public Task WriteAsync(Heartbeat heartbeat, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(heartbeat);
        var document = new BsonDocument { { "_id", BsonValues.Key(heartbeat.Id) }, { "heartbeat", BsonJson.Write(heartbeat, CoreJson.Default.Heartbeat) } };
        return MongoErrors.TranslateAsync(() => _heartbeats.ReplaceOneAsync(By.Eq("_id", BsonValues.Key(heartbeat.Id)), document, new ReplaceOptions { IsUpsert = true }, cancellationToken));
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<Heartbeat>> ListAsync(CancellationToken cancellationToken)
    {
        var all = await MongoErrors.TranslateAsync(() => _heartbeats.Find(By.Empty, new FindOptions { MaxTime = MongoQueries.MaxTime }).ToListAsync(cancellationToken));
        return [.. all.Select(one => BsonJson.Read(one["heartbeat"].AsBsonDocument, CoreJson.Default.Heartbeat))];
    }

    /// <inheritdoc />
    public Task RemoveAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken) =>
        MongoErrors.TranslateAsync(() => _heartbeats.DeleteManyAsync(By.In("_id", ids.Select(BsonValues.Key)), cancellationToken));
}
