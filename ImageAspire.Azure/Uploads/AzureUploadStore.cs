using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using ImageAspire.Azure.Blobs;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Uploads;

namespace ImageAspire.Azure.Uploads;

/// <summary>Resumable uploads as append blobs in a separate container. A writer has the blob's lease.</summary>
/// <param name="container">The container <c>uploads</c>; it exists (the AppHost declares it).</param>
/// <param name="time">Clock.</param>
internal sealed class AzureUploadStore(BlobContainerClient container, TimeProvider time) : IUploadStore
{
    /// <inheritdoc />
    public Task CreateAsync(ResumableUpload upload, CancellationToken cancellationToken) => BlobErrors.CallAsync(() => UploadBlob.Of(container, upload.Owner, upload.Id).CreateAsync(
        new AppendBlobCreateOptions { Metadata = UploadBlob.Write(upload), Conditions = new AppendBlobRequestConditions { IfNoneMatch = ETag.All } }, cancellationToken), cancellationToken);

    /// <inheritdoc />
    public Task<UploadState?> FindAsync(Guid owner, Guid id, CancellationToken cancellationToken) => BlobErrors.CallAsync(async () =>
    {
        try
        {
            BlobProperties found = await UploadBlob.Of(container, owner, id).GetPropertiesAsync(conditions: null, cancellationToken);
            return UploadBlob.Read(found.Metadata, found.ContentLength, found.LastModified);
        }
        catch (RequestFailedException error) when (BlobErrors.IsMissing(error))
        {
            return null;
        }
    }, cancellationToken);

    /// <inheritdoc />
    public Task<IUploadLease?> TryAcquireAsync(Guid owner, Guid id, CancellationToken cancellationToken) => BlobErrors.CallAsync<IUploadLease?>(async () =>
    {
        var blob = UploadBlob.Of(container, owner, id);
        var lease = blob.GetBlobLeaseClient();
        try
        {
            await lease.AcquireAsync(AzureUploadLease.LeaseTime, conditions: null, cancellationToken);
        }
        catch (RequestFailedException error) when (BlobErrors.IsMissing(error) || error.ErrorCode == BlobErrorCode.LeaseAlreadyPresent)
        {
            return null;
        }

        // Read under the lease: no other process changes it now.
        if (await FindAsync(owner, id, cancellationToken) is { } state)
            return new AzureUploadLease(blob, lease, state, time);
        return null;
    }, cancellationToken);

    /// <inheritdoc />
    public Task<UploadUsage> CountAsync(Guid owner, CancellationToken cancellationToken) => BlobErrors.CallAsync(async () =>
    {
        var (count, bytes, open) = (0, 0L, 0);
        await foreach (var (state, _) in ListAsync(UploadBlob.FolderOf(owner), cancellationToken))
        {
            if (state.Upload.ImageId is null)
                (count, bytes, open) = (count + 1, bytes + (state.Upload.Length ?? 0), open + (state.Upload.Length is null ? 1 : 0));
        }

        return new UploadUsage(count, bytes, open);
    }, cancellationToken);

    /// <inheritdoc />
    public Task<int> RemoveExpiredAsync(DateTimeOffset now, CancellationToken cancellationToken) => BlobErrors.CallAsync(async () =>
    {
        var removed = 0;
        await foreach (var (state, tag) in ListAsync("", cancellationToken))
        {
            if (now >= state.ExpiresAt && await TryRemoveAsync(state.Upload, tag, cancellationToken))
                removed++;
        }

        return removed;
    }, cancellationToken);

    // Not an upload that is leased, and not one that was continued since it was listed.
    private async Task<bool> TryRemoveAsync(ResumableUpload upload, ETag? tag, CancellationToken cancellationToken)
    {
        try
        {
            return await UploadBlob.Of(container, upload.Owner, upload.Id)
                .DeleteIfExistsAsync(DeleteSnapshotsOption.IncludeSnapshots, new BlobRequestConditions { IfMatch = tag }, cancellationToken);
        }
        catch (RequestFailedException error) when (error.Status == 412)
        {
            return false;
        }
    }

    private async IAsyncEnumerable<(UploadState State, ETag? Tag)> ListAsync(
        string folder, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // All four arguments: the shorter overloads differ between versions of the SDK.
        await foreach (var blob in container.GetBlobsAsync(BlobTraits.Metadata, BlobStates.None, folder, cancellationToken))
        {
            var properties = blob.Properties;
            if (UploadBlob.Read(blob.Metadata, properties.ContentLength ?? 0, properties.LastModified ?? DateTimeOffset.UnixEpoch) is { } state)
                yield return (state, properties.ETag);
        }
    }
}
