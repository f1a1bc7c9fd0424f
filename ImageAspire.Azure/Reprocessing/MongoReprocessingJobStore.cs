using ImageAspire.Azure.Mongo;
using ImageAspire.Core.Json;
using ImageAspire.Core.Ports;
using MongoDB.Bson;
using MongoDB.Driver;

namespace ImageAspire.Azure.Reprocessing;

/// <summary>The runs of stages on MongoDB: one document for each stage; its version decides between concurrent writers.</summary>
internal sealed class MongoReprocessingJobStore(IMongoDatabase database) : IReprocessingJobStore
{
    /// <summary>The collection.</summary>
    public const string Collection = "stage-runs";

    private static readonly FilterDefinitionBuilder<BsonDocument> By = Builders<BsonDocument>.Filter;

    private readonly IMongoCollection<BsonDocument> _runs = database.GetCollection<BsonDocument>(Collection)
        .WithWriteConcern(WriteConcern.WMajority.With(journal: true));

    /// <inheritdoc />
    public async Task<IReadOnlyList<ReprocessingJob>> ListAsync(CancellationToken cancellationToken)
    {
        var all = await MongoErrors.TranslateAsync(() => _runs.Find(By.Empty, new FindOptions { MaxTime = MongoQueries.MaxTime })
            .Sort(Builders<BsonDocument>.Sort.Ascending("_id")).ToListAsync(cancellationToken));
        return [.. all.Select(one => BsonJson.Read(one["run"].AsBsonDocument, CoreJson.Default.ReprocessingJob))];
    }

    /// <inheritdoc />
    public Task<bool> SaveAsync(ReprocessingJob run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        var document = new BsonDocument { { "_id", run.Stage }, { "run", BsonJson.Write(run, CoreJson.Default.ReprocessingJob) } };
        return MongoErrors.TranslateAsync(async () =>
        {
            if (run.Version > 1)
            {
                var replaced = await _runs.ReplaceOneAsync(By.And(By.Eq("_id", run.Stage), By.Eq("run.version", run.Version - 1)), document, new ReplaceOptions(), cancellationToken);
                return replaced.MatchedCount == 1;
            }

            return await _runs.TryInsertAsync(document, cancellationToken);
        });
    }
}
