using System.Text.Json;
using ImageAspire.Core.Images;
using ImageAspire.Core.Json;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Vectors;
using ImageAspire.Embedded.Sqlite;
using ImageAspire.Embedded.Vectors;
using Microsoft.Data.Sqlite;

namespace ImageAspire.Embedded.Catalog;

/// <summary>Applies a transition to the tables, inside the writer's transaction.</summary>
/// <param name="session">The write connection.</param>
internal sealed class CatalogWriter(SqliteSession session)
{
    private readonly TextIndex _text = new(session);
    private readonly MetadataIndex _metadata = new(session);
    private readonly VectorTable _vectors = new(session);

    private sealed record Stored(long Rowid, ImageRecord Record);

    /// <summary>Applies a transition.</summary>
    /// <param name="transition">The transition.</param>
    /// <param name="document">The record after it, serialised; null for a deletion.</param>
    public CommitResult Apply(Transition transition, byte[]? document) => transition switch
    {
        { Before: null, After: { } after } => Insert(after, document!, transition.Vectors),
        { Before: { } before, After: { } after } => Replace(before, after, document!, transition.Vectors),
        { Before: { } before } => Delete(before),
        _ => CommitResult.Stale,
    };

    private CommitResult Insert(ImageRecord record, byte[] document, IReadOnlyList<ImageVector>? vectors)
    {
        var id = RecordKeys.Id(record.Id);
        var digest = RecordKeys.Digest(record.Sha256);
        var rowid = RecordKeys.Rowid(record);
        for (var tries = 0; tries < RecordKeys.PerMillisecond; tries++)
        {
            var inserted = session.Run("""
                INSERT INTO images(rowid, id, version, status, archived, name, sha256, bytes, doc, purge_at)
                VALUES(@1, @2, @3, @4, @5, @6, @7, @8, CAST(@9 AS TEXT), @10) ON CONFLICT DO NOTHING
                """, rowid, id, record.Version, (int)record.Status, Archived(record), record.Name, digest, record.Bytes, document, PurgeAt(record));
            if (inserted == 1)
            {
                Count(record, 1);
                StoredBytes.Add(session, record);
                AddTags(rowid, record, record.AllTags());
                _text.Add(rowid, SearchText.Of(record));
                _metadata.Add(rowid, record);
                _vectors.Replace(rowid, null, record, vectors);
                return CommitResult.Applied;
            }

            if (session.Scalar("SELECT 1 FROM images WHERE sha256=@1", digest) is not null)
                return CommitResult.Duplicate;
            if (session.Scalar("SELECT 1 FROM images WHERE id=@1", id) is not null)
                return CommitResult.Stale;
            rowid = RecordKeys.Next(rowid); // another upload of this millisecond has the same 16 bits
        }

        throw new InvalidOperationException("65,536 images have already been uploaded in this millisecond.");
    }

    private CommitResult Replace(ImageRecord before, ImageRecord after, byte[] document, IReadOnlyList<ImageVector>? vectors)
    {
        if (Find(before) is not { } stored)
            return CommitResult.Stale;
        session.Run("UPDATE images SET version=@2, status=@3, archived=@4, name=@5, doc=CAST(@6 AS TEXT), purge_at=@7 WHERE rowid=@1",
            stored.Rowid, after.Version, (int)after.Status, Archived(after), after.Name, document, PurgeAt(after));
        if (stored.Record.Status != after.Status || stored.Record.DeletedAt is null != after.DeletedAt is null)
        {
            Count(stored.Record, -1);
            Count(after, 1);
        }

        ReplaceTags(stored, after);
        var words = SearchText.Of(after);
        if (words != SearchText.Of(stored.Record))
            _text.Replace(stored.Rowid, words);
        _metadata.Replace(stored.Rowid, stored.Record, after);
        _vectors.Replace(stored.Rowid, stored.Record, after, vectors);
        return CommitResult.Applied;
    }

    private CommitResult Delete(ImageRecord before)
    {
        if (Find(before) is not { } stored)
            return CommitResult.Stale;
        session.Run("DELETE FROM images WHERE rowid=@1", stored.Rowid);
        Count(stored.Record, -1);
        StoredBytes.Remove(session, stored.Record);
        RemoveTags(stored.Rowid, stored.Record, stored.Record.AllTags());
        _text.Remove(stored.Rowid);
        _metadata.Remove(stored.Rowid);
        _vectors.Remove(stored.Rowid);
        return CommitResult.Applied;
    }

    // The stored record decides what is removed from the indexes, not the caller's copy.
    private Stored? Find(ImageRecord expected)
    {
        using var row = session.Prepare("SELECT rowid, doc FROM images WHERE id=@1 AND version=@2",
            RecordKeys.Id(expected.Id), expected.Version).ExecuteReader();
        return row.Read() ? new Stored(row.GetInt64(0), ReadDocument(row, 1)) : null;
    }

    private void ReplaceTags(Stored stored, ImageRecord after)
    {
        var old = stored.Record.AllTags();
        var now = after.AllTags();
        var rekeyed = Archived(stored.Record) != Archived(after); // then every row has another key
        RemoveTags(stored.Rowid, stored.Record, rekeyed ? old : old.Except(now, StringComparer.Ordinal));
        AddTags(stored.Rowid, after, rekeyed ? now : now.Except(old, StringComparer.Ordinal));
    }

    // Rows that were really added or removed are counted: texts of invalid Unicode can differ here and be equal in the table.
    private void AddTags(long rowid, ImageRecord record, IEnumerable<string> tags)
    {
        foreach (var tag in tags)
        {
            var added = session.Run("INSERT OR IGNORE INTO image_tags(tag, archived, image) VALUES(@1, @2, @3)", tag, Archived(record), rowid);
            if (added == 1 && Archived(record) == 0)
                session.Run("INSERT INTO tag_counts(tag, count) VALUES(@1, 1) ON CONFLICT(tag) DO UPDATE SET count=count+1", tag);
        }
    }

    private void RemoveTags(long rowid, ImageRecord record, IEnumerable<string> tags)
    {
        foreach (var tag in tags)
        {
            var removed = session.Run("DELETE FROM image_tags WHERE tag=@1 AND archived=@2 AND image=@3", tag, Archived(record), rowid);
            if (removed == 1 && Archived(record) == 0 && session.Run("UPDATE tag_counts SET count=count-1 WHERE tag=@1 AND count>1", tag) == 0)
                session.Run("DELETE FROM tag_counts WHERE tag=@1", tag);
        }
    }

    // What is in the trash is not counted.
    private void Count(ImageRecord record, int difference)
    {
        if (record.DeletedAt is null)
            session.Run("INSERT INTO status_counts(status, count) VALUES(@1, @2) ON CONFLICT(status) DO UPDATE SET count=count+@2", (int)record.Status, difference);
    }

    private static int Archived(ImageRecord record) => RecordKeys.Archived(record);

    private static long? PurgeAt(ImageRecord record) => record.PurgeAt?.ToUnixTimeMilliseconds();

    /// <summary>The record in a column, read from the stored UTF-8 without a string in between.</summary>
    public static ImageRecord ReadDocument(SqliteDataReader row, int column) =>
        JsonSerializer.Deserialize(row.GetFieldValue<byte[]>(column), CoreJson.Default.ImageRecord)!;
}
