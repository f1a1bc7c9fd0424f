using System.Text.Json;
using ImageAspire.Core;
using ImageAspire.Core.Events;
using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Database;
using Microsoft.Data.Sqlite;

namespace ImageAspire.Embedded.Audit;

/// <summary>
/// The audit log on SQLite. "Newest" is what was appended last: an event that came late (a replayed dead letter) is at the top,
/// so that a page that was read once never changes behind the reader.
/// </summary>
internal sealed class EmbeddedAuditLog(SqliteDatabase database) : IAuditLog
{
    private const int MaxLimit = 200;

    public Task AppendAsync(ImageEvent e, CancellationToken cancellationToken)
    {
        var data = JsonSerializer.SerializeToUtf8Bytes(e.Data, CoreJson.Default.ImageEventData);
        return database.WriteAsync(scope => scope.Session.Run("""
            INSERT INTO audit(event_id, type, image, actor, at, trace_parent, data)
            VALUES(@1, @2, @3, @4, @5, @6, CAST(@7 AS TEXT)) ON CONFLICT(event_id) DO NOTHING
            """, Key(e.Id), e.Type, Key(e.ImageId), e.Data.Actor, e.Time.ToUnixTimeMilliseconds(), e.TraceParent, data),
            Durability.Disk, cancellationToken);
    }

    public Task<AuditPage> QueryAsync(AuditQuery query, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1, nameof(query));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, MaxLimit, nameof(query));
        string?[] filters = ["audit", query.ImageId?.ToString("D"), query.Type, query.Actor];
        var before = query.Cursor is null ? long.MaxValue : KeysetCursor.Read(query.Cursor, filters).Rowid;
        return database.ReadAsync(session =>
        {
            var rows = session.Query($"""
                SELECT sequence, event_id, type, image, actor, at, trace_parent, data FROM audit {Index(query)}
                WHERE sequence<@1{Equal("image", query.ImageId, "@2")}{Equal("actor", query.Actor, "@3")}{Equal("type", query.Type, "@4")}
                ORDER BY sequence DESC LIMIT @5
                """, Read, before, query.ImageId is { } image ? Key(image) : null, query.Actor, query.Type, query.Limit + 1);
            var items = rows.Take(query.Limit).Select(row => row.Entry).ToList();
            return new AuditPage(items, rows.Count > query.Limit ? new KeysetCursor(rows[query.Limit - 1].Sequence, "").Write(filters) : null);
        }, cancellationToken);
    }

    // The rarest first: an image has a handful of entries, an actor many, a type a share of all.
    private static string Index(AuditQuery query) => query.ImageId is not null ? "INDEXED BY audit_image"
        : query.Actor is not null ? "INDEXED BY audit_actor"
        : query.Type is not null ? "INDEXED BY audit_type"
        : "NOT INDEXED";

    private static string Equal(string column, object? value, string parameter) => value is null ? "" : $" AND {column}={parameter}";

    private static (long Sequence, AuditEntry Entry) Read(SqliteDataReader row) => (row.GetInt64(0), new AuditEntry(
        new Guid(row.GetFieldValue<byte[]>(1), bigEndian: true), row.GetString(2), new Guid(row.GetFieldValue<byte[]>(3), bigEndian: true),
        row.GetString(4), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(5)), row.IsDBNull(6) ? null : row.GetString(6),
        JsonSerializer.Deserialize(row.GetFieldValue<byte[]>(7), CoreJson.Default.ImageEventData)!));

    private static byte[] Key(Guid id) => id.ToByteArray(bigEndian: true);
}
