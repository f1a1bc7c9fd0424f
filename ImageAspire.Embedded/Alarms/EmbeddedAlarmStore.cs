using System.Text.Json;
using ImageAspire.Core.Alarms;
using ImageAspire.Core.Json;
using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Sqlite;

namespace ImageAspire.Embedded.Alarms;

/// <summary>The alarms on SQLite.</summary>
internal sealed class EmbeddedAlarmStore(SqliteDatabase database) : IAlarmStore
{
    public Task<AlarmBook> ReadAsync(CancellationToken cancellationToken) => database.ReadAsync(session => session.Query(
        "SELECT data FROM alarms", row => JsonSerializer.Deserialize(row.GetFieldValue<byte[]>(0), CoreJson.Default.AlarmBook)).SingleOrDefault() ?? AlarmBook.Empty, cancellationToken);

    public Task<bool> SaveAsync(AlarmBook book, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(book, CoreJson.Default.AlarmBook);
        return database.WriteAsync(scope => scope.Session.Run(book.Version == 1
            ? "INSERT INTO alarms(one, version, data) VALUES(1, @1, CAST(@2 AS TEXT)) ON CONFLICT DO NOTHING"
            : "UPDATE alarms SET version=@1, data=CAST(@2 AS TEXT) WHERE version=@1-1", book.Version, json) == 1, Durability.Disk, cancellationToken);
    }
}
