using System.Globalization;
using ImageAspire.Core.Images;
using ImageAspire.Core.Vectors;
using ImageAspire.Embedded.Sqlite;

namespace ImageAspire.Embedded.Vectors;

/// <summary>Writes the vectors of images, inside the writer's transaction.</summary>
/// <param name="session">The write connection.</param>
internal sealed class VectorTable(SqliteSession session)
{
    /// <summary>Makes the vectors of the perceptual hashes of a store that is older than this table.</summary>
    public static void FillHashes(SqliteSession session)
    {
        var table = new VectorTable(session);
        using var images = session.Prepare("SELECT rowid, json_extract(doc, '$.perceptualHash') FROM images WHERE json_valid(doc)").ExecuteReader();
        while (images.Read())
            table.AddHash(images.GetInt64(0), images.IsDBNull(1) ? null : images.GetString(1));
    }

    /// <summary>Brings the vectors of an image up to date.</summary>
    /// <param name="image">Its rowid.</param>
    /// <param name="before">The record before; null for a new one.</param>
    /// <param name="after">The record.</param>
    /// <param name="vectors">Its new vectors; those of other kinds stay.</param>
    public void Replace(long image, ImageRecord? before, ImageRecord after, IReadOnlyList<ImageVector>? vectors)
    {
        if (before?.PerceptualHash != after.PerceptualHash)
        {
            Remove(image, VectorKind.Hash);
            AddHash(image, after.PerceptualHash);
        }

        foreach (var ofKind in (vectors ?? []).Where(one => one.Kind != VectorKind.Hash).GroupBy(one => one.Kind))
        {
            Remove(image, ofKind.Key);
            foreach (var one in ofKind.Take(ImageVector.MaxOfKind))
                Add(image, one);
        }
    }

    /// <summary>Removes all vectors of an image.</summary>
    public void Remove(long image) => Remove(image, kind: null);

    private void AddHash(long image, string? hash)
    {
        if (PerceptualVector.Of(hash) is { } vector)
            Add(image, new ImageVector(VectorKind.Hash, vector));
    }

    private void Add(long image, ImageVector one)
    {
        var numbers = one.Vector.Pack();
        session.Run("INSERT INTO vector_models(kind, name, length, last, count) VALUES(@1, @2, @3, 0, 0) ON CONFLICT DO NOTHING", (int)one.Kind, one.Vector.Model, numbers.Length);
        using var row = session.Prepare("UPDATE vector_models SET last=last+1, count=count+1 WHERE kind=@1 AND name=@2 AND length=@3 RETURNING id, last",
            (int)one.Kind, one.Vector.Model, numbers.Length).ExecuteReader();
        row.Read();
        session.Run("INSERT INTO vectors(model, sequence, image, numbers) VALUES(@1, @2, @3, @4)", row.GetInt64(0), row.GetInt64(1), image, numbers);
    }

    private void Remove(long image, VectorKind? kind)
    {
        foreach (var (model, sequence) in session.Query(
            "SELECT v.model, v.sequence FROM vectors v JOIN vector_models m ON m.id=v.model WHERE v.image=@1 AND (@2 IS NULL OR m.kind=@2)",
            row => (row.GetInt64(0), row.GetInt64(1)), image, kind is null ? null : ((int)kind).ToString(CultureInfo.InvariantCulture)))
        {
            session.Run("DELETE FROM vectors WHERE model=@1 AND sequence=@2", model, sequence);
            session.Run("UPDATE vector_models SET count=count-1 WHERE id=@1", model);
        }
    }
}
