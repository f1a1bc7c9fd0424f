using ImageAspire.Azure.Mongo;
using ImageAspire.Core.Errors;
using ImageAspire.Core.Heartbeats;
using ImageAspire.Core.Ports;
using MongoDB.Bson;
using MongoDB.Driver;

namespace ImageAspire.Azure.Topic;

/// <summary>The pause switches in the collection <c>subscriptions</c>: a document for each paused subscription: <c>_id</c>, <c>by</c>, <c>at</c>.</summary>
internal sealed class MongoPauseSwitches(IMongoDatabase database) : IPauseSwitches
{
    private readonly IMongoCollection<BsonDocument> _paused = database.GetCollection<BsonDocument>("subscriptions");

    /// <inheritdoc />
    public async Task<IReadOnlyDictionary<string, SubscriptionPause>> GetPausedAsync(CancellationToken cancellationToken)
    {
        try
        {
            var all = await _paused.Find(Builders<BsonDocument>.Filter.Empty).ToListAsync(cancellationToken);
            return all.ToDictionary(one => one["_id"].AsString, one => new SubscriptionPause(one.GetValue("by", null)?.AsString, one.GetValue("at", null)?.ToUniversalTime()));
        }
        catch (Exception error) when (error is MongoException or TimeoutException)
        {
            throw new StoreUnavailableException("MongoDB could not be queried for the paused subscriptions.", error) { Dependency = DependencyNames.Documents, Cause = MongoErrors.CauseOf(error) };
        }
    }

    /// <inheritdoc />
    public async Task SetAsync(string subscription, SubscriptionPause? pause, CancellationToken cancellationToken)
    {
        var byName = Builders<BsonDocument>.Filter.Eq("_id", subscription);
        try
        {
            if (pause is not null)
                await _paused.TryInsertAsync(Document(subscription, pause), cancellationToken);
            else
                await _paused.DeleteOneAsync(byName, cancellationToken);
        }
        catch (Exception error) when (error is MongoException or TimeoutException)
        {
            throw new StoreUnavailableException("MongoDB could not store the pause; try again.", error) { Dependency = DependencyNames.Documents, Cause = MongoErrors.CauseOf(error) };
        }
    }

    private static BsonDocument Document(string subscription, SubscriptionPause pause)
    {
        var document = new BsonDocument("_id", subscription);
        if (pause.By is { } by)
            document.Add("by", BsonValues.WellFormed(by));
        if (pause.At is { } at)
            document.Add("at", BsonJson.Date(at));
        return document;
    }
}
