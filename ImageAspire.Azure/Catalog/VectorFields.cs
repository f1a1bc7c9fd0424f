using ImageAspire.Core.Vectors;
using MongoDB.Bson;

namespace ImageAspire.Azure.Catalog;

/// <summary>
/// The field <c>vectors</c> of a document, which reads of records leave out:
/// <code>
/// vectors.text[]   model, numbers (a BSON vector of signed bytes, as a vector search index takes it)
/// vectors.image[]  the same
/// </code>
/// </summary>
internal static class VectorFields
{
    /// <summary>The field.</summary>
    public const string Field = "vectors";

    // Subtype 9 of BSON's binary data: the type of the numbers, padding, numbers.
    private const byte SignedBytes = 0x03;
    private const int HeaderLength = 2;

    /// <summary>The field of the vectors of a kind.</summary>
    public static string Of(VectorKind kind) => $"{Field}.{Name(kind)}";

    /// <summary>The vectors by kind, as they are stored; hashes are not, they are on the record.</summary>
    public static IEnumerable<BsonElement> Stored(IReadOnlyList<ImageVector>? vectors) => (vectors ?? [])
        .Where(one => one.Kind != VectorKind.Hash).GroupBy(one => one.Kind)
        .Select(ofKind => new BsonElement(Name(ofKind.Key), new BsonArray(ofKind.Take(ImageVector.MaxOfKind).Select(one => new BsonDocument
        {
            { "model", one.Vector.Model }, { "numbers", new BsonBinaryData([SignedBytes, 0, .. one.Vector.Pack()], BsonBinarySubType.Vector) },
        }))));

    /// <summary>The stored vectors of a kind, packed; none for a document without.</summary>
    public static IEnumerable<(string Model, ReadOnlyMemory<byte> Packed)> Read(BsonDocument document, VectorKind kind)
    {
        if (!document.TryGetValue(Field, out var field) || !field.IsBsonDocument || !field.AsBsonDocument.TryGetValue(Name(kind), out var vectors) || !vectors.IsBsonArray)
            yield break;
        foreach (var one in vectors.AsBsonArray.OfType<BsonDocument>())
        {
            if (one.GetValue("numbers", BsonNull.Value) is BsonBinaryData { Bytes: [SignedBytes, 0, ..] bytes })
                yield return (one["model"].AsString, bytes.AsMemory(HeaderLength));
        }
    }

    private static string Name(VectorKind kind) => kind.ToString().ToLowerInvariant();
}
