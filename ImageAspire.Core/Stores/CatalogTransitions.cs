using ImageAspire.Core.Errors;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Ports;

namespace ImageAspire.Core.Stores;

/// <summary>Read, decide, write with the expected version; when somebody else was faster, read and decide again.</summary>
public static class CatalogTransitions
{
    /// <summary>Writers that lose so often are in a storm; the caller's own retry takes over.</summary>
    private const int MaxRounds = 20;

    /// <summary>Moves a record.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="id">The record.</param>
    /// <param name="decide">The move; null for nothing to do. Called again when the record changed meanwhile.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The move that was applied, or null when there is no record or nothing to do.</returns>
    public static async Task<Transition?> TransitionAsync(
        this IImageCatalog catalog, Guid id, Func<ImageRecord, Transition?> decide, CancellationToken cancellationToken)
    {
        for (var round = 0; round < MaxRounds; round++)
        {
            var record = await catalog.GetAsync(id, cancellationToken);
            if (record is null || decide(record) is not { } move)
                return null;
            var results = await catalog.CommitAsync([move], cancellationToken);
            if (results[0] == CommitResult.Applied)
                return move;
        }

        throw new RetryLaterException($"Image {id} is being changed by others all the time; try again.");
    }
}
