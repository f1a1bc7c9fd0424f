using System.Buffers.Binary;
using System.Text;
using ImageAspire.Core.Auditing;
using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Sqlite;
using Microsoft.Data.Sqlite;

namespace ImageAspire.Embedded.Audit;

/// <summary>The rows of the audit log as a hash chain. SQLite gives them numbers without gaps, because none is ever deleted.</summary>
internal static class AuditRows
{
    /// <summary>The schema version that has the chain. A file of an earlier one, such as an old backup, has none yet.</summary>
    public const int Schema = 3;

    private const int PageSize = 500;

    /// <summary>Appends an entry, inside the writer's transaction; false when the event is there already.</summary>
    public static bool Append(SqliteSession session, byte[] id, string type, byte[] subject, string actor, long at, string? trace, byte[] data)
    {
        if (session.Scalar("SELECT 1 FROM audit WHERE event_id=@1", id) is not null)
            return false;
        var (last, previous) = Last(session);
        var hash = AuditChain.Link(previous ?? AuditChain.Start, last + 1, id, Utf8(type), subject, Utf8(actor), BigEndian(at), trace is null ? null : Utf8(trace), data);
        session.Run("""
            INSERT INTO audit(sequence, event_id, type, image, actor, at, trace_parent, data, hash)
            VALUES(@1, @2, @3, @4, @5, @6, @7, CAST(@8 AS TEXT), @9)
            """, last + 1, id, type, subject, actor, at, trace, data, hash);
        return true;
    }

    /// <summary>The end of the chain.</summary>
    public static AuditHead Head(SqliteSession session)
    {
        var (number, hash) = Last(session);
        return new AuditHead(number, AuditHead.HashText(hash));
    }

    /// <summary>Checks a page of rows after a number, up to another one; returns where the next one begins, or null at the end.</summary>
    public static long? CheckPage(SqliteSession session, long after, long end, AuditChainCheck chain)
    {
        var rows = Page(session, after, end);
        foreach (var row in rows)
            chain.Next(row.Number, row.Hash, row.Fields);
        return rows.Count < PageSize ? null : rows[^1].Number;
    }

    /// <summary>Makes the chain of the rows that are there.</summary>
    public static void LinkAll(SqliteSession session)
    {
        var (previous, after) = (AuditChain.Start.ToArray(), long.MinValue);
        while (Page(session, after, long.MaxValue) is { Count: > 0 } rows)
        {
            foreach (var row in rows)
            {
                previous = AuditChain.Link(previous, row.Number, row.Fields);
                session.Run("UPDATE audit SET hash=@2 WHERE sequence=@1", row.Number, previous);
            }

            after = rows[^1].Number;
        }
    }

    private static (long Number, byte[]? Hash) Last(SqliteSession session) =>
        session.Query("SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1", row => (row.GetInt64(0), Bytes(row, 1))) is [var last] ? last : (0, null);

    private static List<(long Number, byte[]? Hash, byte[]?[] Fields)> Page(SqliteSession session, long after, long end) => session.Query("""
        SELECT sequence, hash, event_id, type, image, actor, at, trace_parent, data FROM audit WHERE sequence>@1 AND sequence<=@2 ORDER BY sequence LIMIT @3
        """, row => (row.GetInt64(0), Bytes(row, 1),
            (byte[]?[])[Bytes(row, 2), Bytes(row, 3), Bytes(row, 4), Bytes(row, 5), BigEndian(row.GetInt64(6)), Bytes(row, 7), Bytes(row, 8)]),
        after, end, PageSize);

    // Texts as they are stored, whatever their encoding.
    private static byte[]? Bytes(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<byte[]>(column);

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] BigEndian(long value)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        return bytes;
    }
}
