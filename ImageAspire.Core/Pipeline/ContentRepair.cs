using ImageAspire.Core.Errors;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Stores;

namespace ImageAspire.Core.Pipeline;

/// <summary>Gives an image whose bytes were lost or damaged its bytes back, from an upload of the same file.</summary>
internal sealed class ContentRepair(IImageCatalog catalog, IBlobStore blobs, IScrubFindingStore findings, TimeProvider time, string actor)
{
    /// <summary>The error of an upload whose image is deleted at the same moment.</summary>
    public static RetryLaterException DeletedMeanwhile() => new("The same bytes were uploaded and deleted at the same moment. Send the file again.");

    /// <summary>
    /// Stores the bytes where they are needed, and sends an image that failed for the lack of them to its stages again. Bytes first: after a
    /// crash in between the next upload or retry continues.
    /// </summary>
    /// <returns>The record as it is now.</returns>
    public async Task<ImageRecord> RepairAsync(StagedImage file, ImageRecord existing, CancellationToken cancellationToken)
    {
        if (!await IsNeededAsync(existing, cancellationToken))
            return existing;
        await file.Blob.ReplaceAsync(existing.BlobName, existing.ContentType, cancellationToken);
        var repaired = await catalog.TransitionAsync(existing.Id,
            record => OriginalDamage.IsOnRecord(record) ? ImageLifecycle.AnalyzeAgain(record, Cause.Now(actor, time)) : null, cancellationToken);
        var current = repaired?.After ?? await catalog.GetWithTrashAsync(existing.Id, cancellationToken);
        if (current is null)
            await blobs.DeleteAsync(existing.BlobName, CancellationToken.None);
        await findings.RemoveAsync(existing.Id, CancellationToken.None);
        return current ?? throw DeletedMeanwhile();
    }

    // What can be known without reading the bytes: bytes of the right size are taken for right, unless a finding says otherwise.
    private async Task<bool> IsNeededAsync(ImageRecord record, CancellationToken cancellationToken) =>
        OriginalDamage.IsOnRecord(record)
        || (await blobs.StatAsync(record.BlobName, cancellationToken))?.Bytes != record.Bytes
        || await findings.FindAsync(record.Id, cancellationToken) is not null;
}
