using ImageAspire.Core.Failpoints;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;

namespace ImageAspire.Worker;

/// <summary>Removes blobs without a record, which a crash between bytes and record leaves. Any number of workers may sweep.</summary>
internal sealed partial class OrphanSweeper(IImageCatalog catalog, IBlobStore blobs, TimeProvider time, ILogger<OrphanSweeper> logger)
{
    private readonly ClockJumpDetector _clock = new(time);

    /// <summary>
    /// Removes blobs whose image has no record. A clock that is set forward makes every blob look old, even that of an upload that
    /// is about to commit: so nothing is removed before the clock has run without a jump for <paramref name="olderThan"/>.
    /// </summary>
    /// <param name="olderThan">Younger ones may belong to an upload that is about to commit.</param>
    /// <param name="cancellationToken">Ends the sweep.</param>
    /// <returns>How many were removed.</returns>
    public async Task<int> RemoveOrphansAsync(TimeSpan olderThan, CancellationToken cancellationToken)
    {
        var removed = 0;
        if (TimeWithoutJump() < olderThan)
            return removed;
        foreach (var folder in new[] { BlobNames.Originals, BlobNames.Thumbnails })
        {
            await foreach (var blob in blobs.ListAsync(folder, cancellationToken))
            {
                if (time.GetUtcNow() - blob.ModifiedAt < olderThan || BlobNames.ImageOf(blob.Name) is not { } id
                    || await catalog.GetWithTrashAsync(id, cancellationToken) is not null)
                {
                    continue;
                }

                Failpoint.Hit(FailpointNames.SweepOrphanFound);
                if (!await blobs.DeleteAsync(blob.Name, cancellationToken))
                    continue; // another worker was faster, or a backup prevents deletions
                Failpoint.Hit(FailpointNames.SweepOrphanRemoved);
                LogOrphan(logger, blob.Name, blob.Bytes);
                removed++;
            }
        }

        return removed;
    }

    private TimeSpan TimeWithoutJump()
    {
        var (steady, jump) = _clock.Check();
        if (jump is { } by)
            LogJump(logger, by);
        return steady;
    }

    [LoggerMessage(LogLevel.Warning, "The clock jumped by {Jump}, so the age of blobs is unknown. Orphans are removed later.")]
    private static partial void LogJump(ILogger logger, TimeSpan jump);

    [LoggerMessage(LogLevel.Information, "Blob {Name} ({Bytes} bytes) belongs to no image; removed.")]
    private static partial void LogOrphan(ILogger logger, string name, long bytes);
}
