using System.Globalization;
using System.Text.Json;
using ImageAspire.Core.Json;
using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Sqlite;
using Microsoft.Data.Sqlite;

namespace ImageAspire.Embedded.Scrub;

/// <summary>The findings of the scrub on SQLite.</summary>
internal sealed class EmbeddedScrubFindingStore(SqliteDatabase database) : IScrubFindingStore
{
    public Task<bool> AddAsync(ScrubFinding finding, CancellationToken cancellationToken) =>
        WriteAsync("INSERT INTO scrub_findings(image, seen_at, data) VALUES(@1, @2, CAST(@3 AS TEXT)) ON CONFLICT DO NOTHING", finding, Durability.Disk, cancellationToken);

    public Task<bool> UpdateAsync(ScrubFinding finding, CancellationToken cancellationToken) =>
        WriteAsync("UPDATE scrub_findings SET seen_at=@2, data=CAST(@3 AS TEXT) WHERE image=@1", finding, Durability.Process, cancellationToken);

    public Task<bool> RemoveAsync(Guid imageId, CancellationToken cancellationToken) =>
        database.WriteAsync(scope => scope.Session.Run("DELETE FROM scrub_findings WHERE image=@1", Key(imageId)) == 1, Durability.Disk, cancellationToken);

    public Task<ScrubFinding?> FindAsync(Guid imageId, CancellationToken cancellationToken) => database.ReadAsync(session =>
        session.Query("SELECT data FROM scrub_findings WHERE image=@1", Read, Key(imageId)).SingleOrDefault(), cancellationToken);

    public Task<ScrubFindings> ListAsync(int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, ScrubFindings.MaxListed);
        return database.ReadAsync(session => new ScrubFindings(
            Convert.ToInt64(session.Scalar("SELECT count(*) FROM scrub_findings"), CultureInfo.InvariantCulture),
            session.Query("SELECT data FROM scrub_findings ORDER BY seen_at, image LIMIT @1", Read, limit)), cancellationToken);
    }

    private Task<bool> WriteAsync(string sql, ScrubFinding finding, Durability durability, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(finding, CoreJson.Default.ScrubFinding);
        return database.WriteAsync(scope => scope.Session.Run(sql, Key(finding.ImageId), finding.SeenAt.ToUnixTimeMilliseconds(), json) == 1, durability, cancellationToken);
    }

    private static ScrubFinding Read(SqliteDataReader row) => JsonSerializer.Deserialize(row.GetFieldValue<byte[]>(0), CoreJson.Default.ScrubFinding)!;

    private static byte[] Key(Guid id) => id.ToByteArray(bigEndian: true);
}
