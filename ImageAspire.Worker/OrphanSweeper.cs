using ImageAspire.Core.Failpoints;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;

namespace ImageAspire.Worker;

/// <summary>Finds blobs that no record knows, left by a crash between bytes and record, and removes them. Any number of workers may sweep.</summary>
/// <param name="catalog">Records.</param>
/// <param name="blobs">Blobs.</param>
/// <param name="time">Clock.</param>
/// <param name="logger">Log.</param>
public sealed partial class OrphanSweeper(IImageCatalog catalog, IBlobStore blobs, TimeProvider time, ILogger<OrphanSweeper> logger)
{
    private readonly SteadyClock _clock = new(time);

    /// <summary>
    /// Removes blobs whose image has no record; how many. A clock that is set forward makes every blob look old, also that of an upload which
    /// is about to commit: so nothing is removed before the clock has gone steadily for as long as blobs must be old.
    /// </summary>
    /// <param name="olderThan">Younger ones may belong to an upload that is about to commit.</param>
    /// <param name="cancellationToken">Ends the sweep.</param>
    public async Task<int> RemoveOrphansAsync(TimeSpan olderThan, CancellationToken cancellationToken)
    {
        var removed = 0;
        if (SteadyTime() < olderThan)
            return removed;
        foreach (var folder in new[] { BlobNames.Originals, BlobNames.Thumbnails })
        {
            await foreach (var blob in blobs.ListAsync(folder, cancellationToken))
            {
                if (time.GetUtcNow() - blob.ModifiedAt < olderThan || BlobNames.ImageOf(blob.Name) is not { } id
                    || await catalog.GetAsync(id, cancellationToken) is not null)
                {
                    continue;
                }

                Failpoint.Hit(FailpointNames.SweepOrphanFound);
                if (!await blobs.DeleteAsync(blob.Name, cancellationToken))
                    continue; // another worker was faster, or a backup holds it
                Failpoint.Hit(FailpointNames.SweepOrphanRemoved);
                LogOrphan(logger, blob.Name, blob.Bytes);
                removed++;
            }
        }

        return removed;
    }

    private TimeSpan SteadyTime()
    {
        var (steady, jump) = _clock.Look();
        if (jump is { } by)
            LogJump(logger, by);
        return steady;
    }

    [LoggerMessage(LogLevel.Warning, "The clock was set by {Jump}; nobody can tell now how old blobs are. Orphans are removed later.")]
    private static partial void LogJump(ILogger logger, TimeSpan jump);

    [LoggerMessage(LogLevel.Information, "Blob {Name} ({Bytes} bytes) belongs to no image; removed.")]
    private static partial void LogOrphan(ILogger logger, string name, long bytes);
}
