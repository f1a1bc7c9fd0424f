using ImageAspire.Core.Errors;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Ports;

namespace ImageAspire.Core.Stores;

/// <summary>Read, decide, write with the expected version; after a concurrent change, read and decide again.</summary>
public static class CatalogTransitions
{
    /// <summary>After so many lost rounds the caller's own retry takes over.</summary>
    private const int MaxRounds = 20;

    /// <summary>Applies a transition to a record that is not in the trash.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="id">The record.</param>
    /// <param name="decide">The transition; null for nothing to do. Called again when the record changed meanwhile.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The transition that was applied, or null when there is no record or nothing to do.</returns>
    public static Task<Transition?> TransitionAsync(
        this IImageCatalog catalog, Guid id, Func<ImageRecord, Transition?> decide, CancellationToken cancellationToken) =>
        catalog.TransitionWithTrashAsync(id, record => record.DeletedAt is null ? decide(record) : null, cancellationToken);

    /// <summary>Applies a transition to a record, wherever it is.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="id">The record.</param>
    /// <param name="decide">The transition; null for nothing to do. Called again when the record changed meanwhile.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The transition that was applied, or null when there is no record or nothing to do.</returns>
    public static async Task<Transition?> TransitionWithTrashAsync(
        this IImageCatalog catalog, Guid id, Func<ImageRecord, Transition?> decide, CancellationToken cancellationToken)
    {
        for (var round = 0; round < MaxRounds; round++)
        {
            var record = await catalog.GetWithTrashAsync(id, cancellationToken);
            if (record is null || decide(record) is not { } transition)
                return null;
            var results = await catalog.CommitAsync([transition], cancellationToken);
            if (results[0] == CommitResult.Applied)
                return transition;
        }

        throw new RetryLaterException($"Image {id} is being changed concurrently; retry.") { Fault = new Fault(FaultCauses.Conflict) };
    }
}
