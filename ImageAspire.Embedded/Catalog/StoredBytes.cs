using System.Globalization;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Sqlite;

namespace ImageAspire.Embedded.Catalog;

/// <summary>
/// The bytes of the images of each API key, kept beside the records in the same transactions: a quota is checked at every upload, and a sum
/// over a million records would take too long. A row is for a key's id, or for a name where a record has no id.
/// </summary>
internal sealed class StoredBytes(SqliteDatabase database) : IStorageUse
{
    public Task<IReadOnlyList<long>> ReadAsync(IReadOnlyList<KeyOwner> keys, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<long>>(session => keys.Select(key => Convert.ToInt64(session.Scalar(
            "SELECT COALESCE(SUM(bytes), 0) FROM stored_bytes WHERE uploader IN (@1, @2)", OfKey(key.Id), OfName(key.Name)), CultureInfo.InvariantCulture)).ToList(),
            cancellationToken);

    /// <summary>Counts a new record. Inside the writer's transaction.</summary>
    public static void Add(SqliteSession session, ImageRecord record) => session.Run(
        "INSERT INTO stored_bytes(uploader, bytes) VALUES(@1, @2) ON CONFLICT(uploader) DO UPDATE SET bytes=bytes+@2", UploaderOf(record), record.Bytes);

    /// <summary>Counts a deleted record. Inside the writer's transaction.</summary>
    public static void Remove(SqliteSession session, ImageRecord record)
    {
        session.Run("UPDATE stored_bytes SET bytes=bytes-@2 WHERE uploader=@1", UploaderOf(record), record.Bytes);
        session.Run("DELETE FROM stored_bytes WHERE uploader=@1 AND bytes=0", UploaderOf(record));
    }

    private static string UploaderOf(ImageRecord record) => record.UploadedByKey is { } key ? OfKey(key) : OfName(record.UploadedBy);

    private static string OfKey(Guid id) => id.ToString("D");

    private static string OfName(string name) => "name " + name;
}
