using ImageAspire.Azure.Mongo;
using ImageAspire.Core.Ports;
using MongoDB.Bson;
using MongoDB.Driver;

namespace ImageAspire.Azure.ApiKeys;

/// <summary>Spent tokens on MongoDB, a document for each: <c>_id</c>, <c>until</c>. A TTL index removes those that have expired.</summary>
internal sealed class MongoSpentTokenStore(IMongoDatabase database) : ISpentTokenStore
{
    /// <summary>The collection.</summary>
    public const string Collection = "spentTokens";

    private readonly IMongoCollection<BsonDocument> _tokens = database.GetCollection<BsonDocument>(Collection)
        .WithWriteConcern(WriteConcern.WMajority.With(journal: true));

    /// <inheritdoc />
    public Task<bool> SpendAsync(Guid id, DateTimeOffset until, CancellationToken cancellationToken) => MongoErrors.TranslateAsync(() =>
        _tokens.TryInsertAsync(new BsonDocument { { "_id", BsonValues.Key(id) }, { "until", BsonJson.Date(until) } }, cancellationToken));

    /// <inheritdoc />
    public Task<IReadOnlySet<Guid>> FindSpentAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return MongoErrors.TranslateAsync<IReadOnlySet<Guid>>(async () =>
        {
            var found = await _tokens.Find(Builders<BsonDocument>.Filter.In("_id", ids.Select(BsonValues.Key)), new FindOptions { MaxTime = MongoQueries.MaxTime })
                .Project(Builders<BsonDocument>.Projection.Include("_id")).ToListAsync(cancellationToken);
            return found.Select(one => BsonValues.Id(one["_id"])).ToHashSet();
        });
    }
}
