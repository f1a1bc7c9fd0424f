using ImageAspire.Azure.Catalog;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Vectors;
using MongoDB.Bson;

namespace ImageAspire.Azure.Search;

/// <summary>Reads the vectors in a document.</summary>
internal static class StoredVectors
{
    /// <summary>The field of the perceptual hash.</summary>
    public const string HashField = "image.perceptualHash";

    /// <summary>All of them, with that of the perceptual hash.</summary>
    public static IEnumerable<ImageVector> Unpacked(BsonDocument document)
    {
        foreach (var kind in (VectorKind[])[VectorKind.Text, VectorKind.Image])
        {
            foreach (var (model, packed) in VectorFields.Read(document, kind))
            {
                if (EmbeddingVector.Unpack(model, packed.Span) is { } vector)
                    yield return new ImageVector(kind, vector);
            }
        }

        if (HashOf(document) is { } hash)
            yield return new ImageVector(VectorKind.Hash, hash);
    }

    /// <summary>The best score of a document's vectors; null when none can be compared.</summary>
    public static double? Best(BsonDocument document, VectorQuery query)
    {
        if (query.Kind == VectorKind.Hash)
            return HashOf(document) is { } hash && query.Vector.IsComparable(hash) ? query.Vector.Similarity(hash.Pack()) : null;
        double? best = null;
        foreach (var (model, packed) in VectorFields.Read(document, query.Kind))
        {
            if (model == query.Vector.Model && packed.Length == query.Vector.Values.Length)
                best = Math.Max(best ?? double.MinValue, query.Vector.Similarity(packed.Span));
        }

        return best;
    }

    private static EmbeddingVector? HashOf(BsonDocument document) =>
        document.TryGetValue("image", out var image) && image.IsBsonDocument && image.AsBsonDocument.TryGetValue("perceptualHash", out var hash) && hash.IsString
            ? PerceptualVector.Of(hash.AsString) : null;
}
