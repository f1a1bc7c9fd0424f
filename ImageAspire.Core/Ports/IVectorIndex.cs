using ImageAspire.Core.Images;
using ImageAspire.Core.Vectors;

namespace ImageAspire.Core.Ports;

/// <summary>Finds images by their vectors, which the catalog stores with their records.</summary>
public interface IVectorIndex
{
    /// <summary>The vectors of an image; none when there is no such image.</summary>
    Task<IReadOnlyList<ImageVector>> GetAsync(Guid image, CancellationToken cancellationToken);

    /// <summary>
    /// The images whose vectors are most like one of the same kind and model: best first, of equal ones the newest first. An image with
    /// several counts by its best. Among a great many images the search is approximate: a few of the best may be missing.
    /// </summary>
    /// <exception cref="VectorIndexTooLargeException">There are more images than this store can compare.</exception>
    Task<IReadOnlyList<ScoredImage>> FindAsync(VectorQuery query, CancellationToken cancellationToken);
}

/// <summary>A search by a vector.</summary>
/// <param name="Kind">The kind of vectors to compare with.</param>
/// <param name="Vector">The vector.</param>
public sealed record VectorQuery(VectorKind Kind, EmbeddingVector Vector)
{
    /// <summary>Most images in one answer.</summary>
    public const int MaxLimit = ImageQuery.MaxLimit + 1;

    /// <summary>The least score, the cosine.</summary>
    public double MinScore { get; init; }

    /// <summary>How many images, 1 to <see cref="MaxLimit"/>.</summary>
    public int Limit { get; init; } = 50;

    /// <summary>Only images after this place; null for the best.</summary>
    public ScorePosition? After { get; init; }

    /// <summary>Only images that these filters let through. Its limit, cursor and sort are not used; images that match its <see cref="ImageQuery.Text"/> are left out.</summary>
    public ImageQuery Filter { get; init; } = new();
}

/// <summary>A place in a list that is in the order of scores. It stays valid when its image is deleted.</summary>
/// <param name="Score">Score of the image.</param>
/// <param name="Id">Its id.</param>
public readonly record struct ScorePosition(double Score, Guid Id);

/// <summary>An image that was found by a vector.</summary>
/// <param name="Image">The record.</param>
/// <param name="Score">The cosine, −1 to 1.</param>
public sealed record ScoredImage(ImageRecord Image, double Score);

/// <summary>There are more images than this store can compare.</summary>
public sealed class VectorIndexTooLargeException(string message) : Exception(message);
