using ImageAspire.Azure.Mongo;
using ImageAspire.Core.Alarms;
using ImageAspire.Core.Json;
using ImageAspire.Core.Ports;
using MongoDB.Bson;
using MongoDB.Driver;

namespace ImageAspire.Azure.Alarms;

/// <summary>The alarms on MongoDB: one document; its version decides between concurrent writers.</summary>
internal sealed class MongoAlarmStore(IMongoDatabase database) : IAlarmStore
{
    /// <summary>The collection.</summary>
    public const string Collection = "alarms";

    private const string Id = "alarms";
    private const string Value = "book";

    private static readonly FilterDefinitionBuilder<BsonDocument> By = Builders<BsonDocument>.Filter;

    private readonly IMongoCollection<BsonDocument> _alarms = database.GetCollection<BsonDocument>(Collection)
        .WithWriteConcern(WriteConcern.WMajority.With(journal: true));

    /// <inheritdoc />
    public async Task<AlarmBook> ReadAsync(CancellationToken cancellationToken)
    {
        var stored = await MongoErrors.TranslateAsync(() =>
            _alarms.Find(By.Eq("_id", Id), new FindOptions { MaxTime = MongoQueries.MaxTime }).FirstOrDefaultAsync(cancellationToken));
        return stored is null ? AlarmBook.Empty : BsonJson.Read(stored[Value].AsBsonDocument, CoreJson.Default.AlarmBook);
    }

    /// <inheritdoc />
    public Task<bool> SaveAsync(AlarmBook book, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(book);
        var document = new BsonDocument { { "_id", Id }, { Value, BsonJson.Write(book, CoreJson.Default.AlarmBook) } };
        return MongoErrors.TranslateAsync(async () =>
        {
            if (book.Version > 1)
            {
                var replaced = await _alarms.ReplaceOneAsync(By.And(By.Eq("_id", Id), By.Eq($"{Value}.version", book.Version - 1)), document, new ReplaceOptions(), cancellationToken);
                return replaced.MatchedCount == 1;
            }

            return await _alarms.TryInsertAsync(document, cancellationToken);
        });
    }
}
