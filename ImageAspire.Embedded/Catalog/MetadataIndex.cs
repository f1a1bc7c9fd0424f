using System.Text.Json;
using ImageAspire.Core.Images;
using ImageAspire.Embedded.Sqlite;

namespace ImageAspire.Embedded.Catalog;

/// <summary>
/// Maintains the table of what lists filter by that comes from the files: a short row for each image, so that a filter that no index
/// narrows enough reads megabytes and not the documents.
/// </summary>
/// <param name="session">The write connection.</param>
internal sealed class MetadataIndex(SqliteSession session)
{
    private sealed record Row(int Archived, long? Taken = null, int? Rating = null, string? Camera = null, double? Latitude = null, double? Longitude = null);

    /// <summary>Fills the table from the documents of a store that is older than it.</summary>
    public static void Fill(SqliteSession session)
    {
        var index = new MetadataIndex(session);
        using var images = session.Prepare("SELECT rowid, archived, doc FROM images").ExecuteReader();
        while (images.Read())
        {
            Row row;
            try
            {
                row = RowOf(CatalogWriter.ReadDocument(images, 2));
            }
            catch (JsonException)
            {
                row = new Row(images.GetInt32(1)); // a damaged document, which `imageaspire verify` names, does not keep the store from opening
            }

            index.Insert(images.GetInt64(0), row);
        }
    }

    public void Add(long rowid, ImageRecord record) => Insert(rowid, RowOf(record));

    public void Replace(long rowid, ImageRecord before, ImageRecord after)
    {
        var row = RowOf(after);
        if (row == RowOf(before))
            return;
        session.Run("UPDATE image_metadata SET archived=@2, taken=@3, rating=@4, camera=@5, latitude=@6, longitude=@7 WHERE image=@1",
            rowid, row.Archived, row.Taken, row.Rating, CameraId(row.Camera), row.Latitude, row.Longitude);
    }

    public void Remove(long rowid) => session.Run("DELETE FROM image_metadata WHERE image=@1", rowid);

    private void Insert(long rowid, Row row) => session.Run(
        "INSERT INTO image_metadata(image, archived, taken, rating, camera, latitude, longitude) VALUES(@1, @2, @3, @4, @5, @6, @7)",
        rowid, row.Archived, row.Taken, row.Rating, CameraId(row.Camera), row.Latitude, row.Longitude);

    // A camera stays in the table when its last image is deleted: a superfluous one costs a search only a look-up.
    private object? CameraId(string? name)
    {
        if (name is null)
            return null;
        if (session.Scalar("SELECT id FROM cameras WHERE name=@1", name) is { } known)
            return known;
        var added = session.Scalar("INSERT INTO cameras(name) VALUES(@1) RETURNING id", name);
        session.Run("INSERT INTO cameras_text(rowid, words) VALUES(@1, @2)", added, name);
        return added;
    }

    private static Row RowOf(ImageRecord record) => new(RecordKeys.Archived(record), record.TakenByClock?.Ticks, record.Metadata?.Rating,
        SearchText.OfCamera(record), record.Location?.Latitude, record.Location?.Longitude);
}
