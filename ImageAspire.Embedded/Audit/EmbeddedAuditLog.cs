using System.Globalization;
using System.Text.Json;
using ImageAspire.Core.Access;
using ImageAspire.Core.Auditing;
using ImageAspire.Core.Events;
using ImageAspire.Core.Json;
using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Sqlite;
using Microsoft.Data.Sqlite;

namespace ImageAspire.Embedded.Audit;

/// <summary>
/// The audit log on SQLite. "Newest" is what was appended last: a late event (a restored dead letter) comes first, so that pages
/// that were read already never change.
/// </summary>
/// <param name="database">The file.</param>
/// <param name="near">Number of the newest entries that are read in order before the index of times is used.</param>
internal sealed class EmbeddedAuditLog(SqliteDatabase database, long near = EmbeddedAuditLog.DefaultNear) : IAuditLog
{
    private const int MaxLimit = 200;
    private const long DefaultNear = 5_000;

    public Task AppendAsync(ImageEvent e, CancellationToken cancellationToken) => AppendAsync(
        e.Id, e.Type, Key(e.ImageId), e.Data.Actor, e.Time, e.TraceParent,
        JsonSerializer.SerializeToUtf8Bytes(e.Data, CoreJson.Default.ImageEventData), cancellationToken);

    public Task AppendAsync(AccessEvent e, CancellationToken cancellationToken) => AppendAsync(
        e.Id, e.Type, e.KeyId is { } key ? Key(key) : [], e.Actor, e.Time, e.TraceParent,
        JsonSerializer.SerializeToUtf8Bytes(e.Data, CoreJson.Default.AccessEventData), cancellationToken);

    public Task<AuditPage> QueryAsync(AuditQuery query, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1, nameof(query));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, MaxLimit, nameof(query));
        var subject = query.ImageId ?? query.KeyId; // ids of images and keys are never the same
        string?[] filters = ["audit", subject?.ToString("D"), query.Type, query.Actor, $"{query.From?.ToUnixTimeMilliseconds()}", $"{query.To?.ToUnixTimeMilliseconds()}"];
        var before = query.Cursor is null ? long.MaxValue : KeysetCursor.Read(query.Cursor, filters).Rowid;
        return database.ReadAsync(session =>
        {
            var rows = IsByTimeAlone(query, subject) ? ByTime(session, query, before) : Rows(session, query, subject, before);
            var items = rows.Take(query.Limit).Select(row => row.Entry).ToList();
            return new AuditPage(items, rows.Count > query.Limit ? new KeysetCursor(rows[query.Limit - 1].Sequence, "").Write(filters) : null);
        }, cancellationToken);
    }

    public Task<AuditHead> GetHeadAsync(CancellationToken cancellationToken) => database.ReadAsync(AuditRows.Head, cancellationToken);

    // In pages, so that no long read keeps the write-ahead log from being reused.
    public async Task<AuditVerification> VerifyAsync(AuditHead? earlier, CancellationToken cancellationToken)
    {
        var chain = new AuditChainCheck(earlier);
        var (end, after) = ((await GetHeadAsync(cancellationToken)).Number, (long?)long.MinValue);
        while (after is { } from)
            after = await database.ReadAsync(session => AuditRows.CheckPage(session, from, end, chain), cancellationToken);
        return chain.Complete();
    }

    private static bool IsByTimeAlone(AuditQuery query, Guid? subject) =>
        (query.From ?? query.To) is not null && subject is null && query.Actor is null && query.Type is null;

    // Mostly the newest entries fill a page. If not, the index of times finds the entries: it is small, and only the requested period of it
    // is read.
    private List<(long Sequence, AuditEntry Entry)> ByTime(SqliteSession session, AuditQuery query, long before)
    {
        var newest = Math.Min(before, Convert.ToInt64(session.Scalar("SELECT COALESCE(max(sequence), 0)+1 FROM audit"), CultureInfo.InvariantCulture));
        var floor = newest - near;
        var newer = Rows(session, query, null, before, "AND sequence>=@8", floor);
        return newer.Count > query.Limit || floor <= 0 ? newer : Rows(session, query, null, before, """
            AND sequence IN (SELECT sequence FROM audit INDEXED BY audit_at
                WHERE at>=COALESCE(@6, -9223372036854775807) AND at<COALESCE(@7, 9223372036854775807) AND sequence<@1 ORDER BY sequence DESC LIMIT @5)
            """);
    }

    private static List<(long Sequence, AuditEntry Entry)> Rows(SqliteSession session, AuditQuery query, Guid? subject, long before, string bounds = "", long floor = 0) =>
        session.Query($"""
            SELECT sequence, event_id, type, image, actor, at, trace_parent, data FROM audit {Index(query, subject)}
            WHERE sequence<@1{Equal("image", subject, "@2")}{Equal("actor", query.Actor, "@3")}{Equal("type", query.Type, "@4")}
                AND (@6 IS NULL OR at>=@6) AND (@7 IS NULL OR at<@7) {bounds}
            ORDER BY sequence DESC LIMIT @5
            """, Read, before, subject is { } id ? Key(id) : null, query.Actor, query.Type, query.Limit + 1,
            query.From?.ToUnixTimeMilliseconds(), query.To?.ToUnixTimeMilliseconds(), floor);

    // The most selective first: an image has a handful of entries, an actor many, a type a share of all.
    private static string Index(AuditQuery query, Guid? subject) => subject is not null ? "INDEXED BY audit_image"
        : query.Actor is not null ? "INDEXED BY audit_actor"
        : query.Type is not null ? "INDEXED BY audit_type"
        : "NOT INDEXED";

    private static string Equal(string column, object? value, string parameter) => value is null ? "" : $" AND {column}={parameter}";

    // The column "image" has the id of the entry's subject: an image, a key, or none (an empty blob).
    private static (long Sequence, AuditEntry Entry) Read(SqliteDataReader row)
    {
        var (type, subject, data) = (row.GetString(2), row.GetFieldValue<byte[]>(3), row.GetFieldValue<byte[]>(7));
        var access = AccessEventTypes.Contains(type);
        Guid? id = subject.Length == 0 ? null : new Guid(subject, bigEndian: true);
        return (row.GetInt64(0), new AuditEntry(
            new Guid(row.GetFieldValue<byte[]>(1), bigEndian: true), type, access ? null : id, row.GetString(4),
            DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(5)), row.IsDBNull(6) ? null : row.GetString(6),
            access ? null : JsonSerializer.Deserialize(data, CoreJson.Default.ImageEventData), access ? id : null,
            access ? JsonSerializer.Deserialize(data, CoreJson.Default.AccessEventData) : null));
    }

    private Task<bool> AppendAsync(
        Guid id, string type, byte[] subject, string actor, DateTimeOffset at, string? trace, byte[] data, CancellationToken cancellationToken) =>
        database.WriteAsync(
            scope => AuditRows.Append(scope.Session, Key(id), type, subject, actor, at.ToUnixTimeMilliseconds(), trace, data), Durability.Disk, cancellationToken);

    private static byte[] Key(Guid id) => id.ToByteArray(bigEndian: true);
}
