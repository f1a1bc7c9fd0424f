using System.Text.Json;
using ImageAspire.Core.Json;
using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Sqlite;

namespace ImageAspire.Embedded.Scrub;

/// <summary>The progress of the scrub on SQLite.</summary>
internal sealed class EmbeddedScrubProgressStore(SqliteDatabase database) : IScrubProgressStore
{
    public Task<ScrubProgress?> ReadAsync(CancellationToken cancellationToken) => database.ReadAsync(session => session.Query(
        "SELECT data FROM scrub", row => JsonSerializer.Deserialize(row.GetFieldValue<byte[]>(0), CoreJson.Default.ScrubProgress)).SingleOrDefault(), cancellationToken);

    // Not synced: what a power cut takes away is read once more.
    public Task<bool> SaveAsync(ScrubProgress progress, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(progress, CoreJson.Default.ScrubProgress);
        return database.WriteAsync(scope => scope.Session.Run(progress.Version == 1
            ? "INSERT INTO scrub(one, version, data) VALUES(1, @1, CAST(@2 AS TEXT)) ON CONFLICT DO NOTHING"
            : "UPDATE scrub SET version=@1, data=CAST(@2 AS TEXT) WHERE version=@1-1", progress.Version, json) == 1, Durability.Process, cancellationToken);
    }
}
