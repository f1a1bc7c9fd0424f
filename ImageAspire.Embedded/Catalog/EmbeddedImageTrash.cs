using System.Globalization;
using ImageAspire.Core.Paging;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Stores;
using ImageAspire.Embedded.Sqlite;

namespace ImageAspire.Embedded.Catalog;

/// <summary>The images in the trash, by an index that has only them.</summary>
internal sealed class EmbeddedImageTrash(SqliteDatabase database) : IImageTrash
{
    public Task<ImagePage> ListAsync(TrashQuery query, CancellationToken cancellationToken)
    {
        CatalogRules.Check(query);
        var after = query.Cursor is null ? null : KeysetCursor.Read(query.Cursor, CatalogRules.FiltersOf(query));
        var due = query.DueAt?.ToUnixTimeMilliseconds() ?? long.MaxValue;
        return database.ReadAsync(session => Page(session, query, due, after), cancellationToken);
    }

    private static ImagePage Page(SqliteSession session, TrashQuery query, long due, KeysetCursor? after)
    {
        var rows = session.Query("""
            SELECT rowid, purge_at, doc FROM images INDEXED BY images_trash
            WHERE purge_at<=@1 AND (purge_at, rowid)<(@2, @3) ORDER BY purge_at DESC, rowid DESC LIMIT @4
            """, row => (Cursor: new KeysetCursor(row.GetInt64(0), row.GetInt64(1).ToString(CultureInfo.InvariantCulture)), Record: CatalogWriter.ReadDocument(row, 2)),
            due, after is null ? long.MaxValue : Number(after), after?.Rowid ?? long.MaxValue, query.Limit + 1);
        return new ImagePage([.. rows.Take(query.Limit).Select(row => row.Record)],
            rows.Count > query.Limit ? rows[query.Limit - 1].Cursor.Write(CatalogRules.FiltersOf(query)) : null);
    }

    private static long Number(KeysetCursor after) =>
        long.TryParse(after.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw new InvalidCursorException();
}
