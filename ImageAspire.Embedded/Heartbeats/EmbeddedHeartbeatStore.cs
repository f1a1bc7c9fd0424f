using System.Text.Json;
using ImageAspire.Core.Heartbeats;
using ImageAspire.Core.Json;
using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Sqlite;

namespace ImageAspire.Embedded.Heartbeats;

/// <summary>Heartbeats on SQLite. Not synced to the disk.</summary>
internal sealed class EmbeddedHeartbeatStore(SqliteDatabase database) : IHeartbeatStore
{
    public Task WriteAsync(Heartbeat heartbeat, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(heartbeat, CoreJson.Default.Heartbeat);
        return database.WriteAsync(scope => scope.Session.Run(
            "INSERT INTO heartbeats(process, data) VALUES(@1, CAST(@2 AS TEXT)) ON CONFLICT(process) DO UPDATE SET data=excluded.data", Key(heartbeat.Id), json),
            Durability.Process, cancellationToken);
    }

    public Task<IReadOnlyList<Heartbeat>> ListAsync(CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<Heartbeat>>(
        session => session.Query("SELECT data FROM heartbeats", row => JsonSerializer.Deserialize(row.GetFieldValue<byte[]>(0), CoreJson.Default.Heartbeat)!),
        cancellationToken);

    public Task RemoveAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken) => database.WriteAsync(
        scope => ids.Sum(id => scope.Session.Run("DELETE FROM heartbeats WHERE process=@1", Key(id))), Durability.Process, cancellationToken);

    private static byte[] Key(Guid id) => id.ToByteArray(bigEndian: true);
}
