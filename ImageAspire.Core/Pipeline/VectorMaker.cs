using ImageAspire.Core.Errors;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Vectors;

namespace ImageAspire.Core.Pipeline;

/// <summary>The vectors of an analyzed image.</summary>
/// <param name="Vectors">Those that could be made.</param>
/// <param name="Models">Names of their models, none where vectors are not offered; null when some could not be made, so that a later run adds them.</param>
public sealed record MadeVectors(IReadOnlyList<ImageVector> Vectors, IReadOnlyList<string>? Models);

/// <summary>Makes the vectors of an image after its analysis. Bounded in time; a failure never fails the analysis.</summary>
public sealed class VectorMaker(IImageVectorizer vectorizer, IBlobStore blobs)
{
    private const int ImageSize = 256;
    private const int LeastSide = 50; // vision services refuse smaller ones; the 256-pixel thumbnail of a panorama may be
    private const int MaxImageBytes = 1 << 20;

    // Of one vector: as long as analyses that are ahead of it, and the load of a model, take. The vectorizer itself stops trying while its service does not answer.
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(1);

    /// <summary>Makes them: of the smallest thumbnail, and where texts have a model of their own, of what was seen and written.</summary>
    public async Task<MadeVectors> MakeAsync(ImageRecord record, ImageAnalysis analysis, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(analysis);
        if (analysis.Provider == ImageAnalysis.BuiltIn)
            return new MadeVectors([], null); // no vision service took it
        var made = new List<ImageVector>();
        var complete = true;
        try
        {
            if (await ReadAsync(record, cancellationToken) is { } bytes)
                Add(VectorKind.Image, await vectorizer.OfImageAsync(bytes, TimeLimit, cancellationToken));
        }
        catch (Exception error) when (error is VectorizerUnavailableException or StoreUnavailableException)
        {
            complete = false;
        }

        try
        {
            foreach (var phrase in vectorizer.HasOneSpace ? [] : SeenPhrases.Of(record, analysis))
                Add(VectorKind.Text, await vectorizer.OfTextAsync(phrase, TimeLimit, cancellationToken));
        }
        catch (VectorizerUnavailableException)
        {
            made.RemoveAll(one => one.Kind == VectorKind.Text);
            complete = false;
        }

        return new MadeVectors(made, complete ? [.. made.Select(one => one.Vector.Model).Distinct(StringComparer.Ordinal)] : null);

        void Add(VectorKind kind, EmbeddingVector? vector)
        {
            if (vector is not null && made.Count(one => one.Kind == kind) < ImageVector.MaxOfKind)
                made.Add(new ImageVector(kind, vector));
        }
    }

    // Null when there is no such thumbnail.
    private async Task<ReadOnlyMemory<byte>?> ReadAsync(ImageRecord record, CancellationToken cancellationToken)
    {
        if (record.Thumbnails.Where(one => one.Size >= ImageSize && one.Width >= LeastSide && one.Height >= LeastSide && one.Bytes <= MaxImageBytes).MinBy(one => one.Size) is not { } thumbnail)
            return null;
        var name = BlobNames.Thumbnail(record.Sha256, record.Id, thumbnail.Size, thumbnail.ContentType);
        await using var stream = await blobs.OpenAsync(name, 0, null, cancellationToken);
        if (stream is null)
            return null;
        using var bytes = new MemoryStream((int)thumbnail.Bytes);
        await stream.CopyToAsync(bytes, cancellationToken);
        return bytes.ToArray();
    }
}
