using System.Text.Json;
using ImageAspire.Core.Json;
using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Sqlite;

namespace ImageAspire.Embedded.Reprocessing;

/// <summary>The runs of stages on SQLite.</summary>
internal sealed class EmbeddedReprocessingJobStore(SqliteDatabase database) : IReprocessingJobStore
{
    public Task<IReadOnlyList<ReprocessingJob>> ListAsync(CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<ReprocessingJob>>(
        session => session.Query("SELECT data FROM runs ORDER BY stage", row => JsonSerializer.Deserialize(row.GetFieldValue<byte[]>(0), CoreJson.Default.ReprocessingJob)!),
        cancellationToken);

    public Task<bool> SaveAsync(ReprocessingJob run, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(run, CoreJson.Default.ReprocessingJob);
        return database.WriteAsync(scope => scope.Session.Run(run.Version == 1
            ? "INSERT INTO runs(stage, version, data) VALUES(@1, @2, CAST(@3 AS TEXT)) ON CONFLICT DO NOTHING"
            : "UPDATE runs SET version=@2, data=CAST(@3 AS TEXT) WHERE stage=@1 AND version=@2-1", run.Stage, run.Version, json) == 1,
            Durability.Disk, cancellationToken);
    }
}
