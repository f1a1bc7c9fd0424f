using ImageAspire.Core.Errors;
using MongoDB.Bson;
using MongoDB.Driver;

namespace ImageAspire.Azure.Topic;

/// <summary>The pause switches in the collection <c>subscriptions</c>: a document for each paused subscription.</summary>
internal sealed class MongoPauseSwitches(IMongoDatabase database) : IPauseSwitches
{
    private readonly IMongoCollection<BsonDocument> _paused = database.GetCollection<BsonDocument>("subscriptions");

    /// <inheritdoc />
    public async Task<IReadOnlySet<string>> GetPausedAsync(CancellationToken cancellationToken)
    {
        try
        {
            var all = await _paused.Find(Builders<BsonDocument>.Filter.Empty).ToListAsync(cancellationToken);
            return all.Select(one => one["_id"].AsString).ToHashSet();
        }
        catch (Exception error) when (error is MongoException or TimeoutException)
        {
            throw new StoreUnavailableException("MongoDB could not be queried for the paused subscriptions.", error);
        }
    }

    /// <inheritdoc />
    public async Task SetAsync(string subscription, bool paused, CancellationToken cancellationToken)
    {
        var byName = Builders<BsonDocument>.Filter.Eq("_id", subscription);
        try
        {
            if (paused)
                await _paused.ReplaceOneAsync(byName, new BsonDocument("_id", subscription), new ReplaceOptions { IsUpsert = true }, cancellationToken);
            else
                await _paused.DeleteOneAsync(byName, cancellationToken);
        }
        catch (Exception error) when (error is MongoException or TimeoutException)
        {
            throw new StoreUnavailableException("MongoDB could not store the pause; try again.", error);
        }
    }
}
