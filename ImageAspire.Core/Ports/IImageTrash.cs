using ImageAspire.Core.Images;
using ImageAspire.Core.Paging;

namespace ImageAspire.Core.Ports;

/// <summary>Lists the images in the trash. They are records of the catalog that have <see cref="ImageRecord.PurgeAt"/>.</summary>
public interface IImageTrash
{
    /// <summary>One page, those first that are purged last.</summary>
    /// <exception cref="InvalidCursorException">The cursor is not one that this list handed out.</exception>
    Task<ImagePage> ListAsync(TrashQuery query, CancellationToken cancellationToken);
}

/// <summary>Which images in the trash to list.</summary>
public sealed record TrashQuery
{
    /// <summary>How many, 1 to <see cref="ImageQuery.MaxLimit"/>.</summary>
    public int Limit { get; init; } = 50;

    /// <summary><see cref="ImagePage.Next"/> of the page before.</summary>
    public string? Cursor { get; init; }

    /// <summary>Only those that are to be purged at this time or earlier.</summary>
    public DateTimeOffset? DueAt { get; init; }
}

/// <summary>The catalog as nearly everyone sees it: what is in the trash is not there.</summary>
public static class ImageTrash
{
    /// <summary>The record; null when there is none, or it is in the trash.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="id">The image.</param>
    /// <param name="cancellationToken">Ends the look-up.</param>
    public static async Task<ImageRecord?> GetAsync(this IImageCatalog catalog, Guid id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return await catalog.GetWithTrashAsync(id, cancellationToken) is { DeletedAt: null } record ? record : null;
    }
}
