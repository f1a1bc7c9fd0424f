using System.Security.Cryptography;
using ImageAspire.Core.Errors;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Stores;

namespace ImageAspire.Core.Pipeline;

/// <summary>Gives an image whose bytes were lost or damaged its bytes back, from an upload of the same file.</summary>
internal sealed class ContentRepair(IImageCatalog catalog, IBlobStore blobs, TimeProvider time, string actor)
{
    /// <summary>Whether an image failed because its bytes are missing or changed.</summary>
    public static bool IsNeeded(ImageRecord record) => record is { Status: ImageStatus.Failed, Failure.Code: FailureCodes.ContentUnavailable };

    /// <summary>The error of an upload whose image is deleted at the same moment.</summary>
    public static RetryLaterException DeletedMeanwhile() => new("The same bytes were uploaded and deleted at the same moment. Send the file again.");

    /// <summary>Stores the bytes and sends the image to its stages again. Bytes first: after a crash in between the next upload or retry continues.</summary>
    /// <returns>The record as it is now.</returns>
    public async Task<ImageRecord> RepairAsync(StagedImage file, ImageRecord existing, CancellationToken cancellationToken)
    {
        if (await HasOtherBytesAsync(existing, cancellationToken))
            await blobs.DeleteAsync(existing.BlobName, cancellationToken);
        if (!await file.Blob.CommitAsync(existing.BlobName, existing.ContentType, cancellationToken) && await HasOtherBytesAsync(existing, cancellationToken))
            throw new RetryLaterException("The damaged bytes of this image cannot be replaced while a backup is made. Send the file again in a moment.");
        var repaired = await catalog.TransitionAsync(existing.Id,
            record => IsNeeded(record) ? ImageLifecycle.AnalyzeAgain(record, Cause.Now(actor, time)) : null, cancellationToken);
        if ((repaired?.After ?? await catalog.GetAsync(existing.Id, cancellationToken)) is { } record)
            return record;

        await blobs.DeleteAsync(existing.BlobName, CancellationToken.None);
        throw DeletedMeanwhile();
    }

    private async Task<bool> HasOtherBytesAsync(ImageRecord record, CancellationToken cancellationToken)
    {
        await using var stored = await blobs.OpenAsync(record.BlobName, 0, null, cancellationToken);
        return stored is not null && Convert.ToHexStringLower(await SHA256.HashDataAsync(stored, cancellationToken)) != record.Sha256;
    }
}
