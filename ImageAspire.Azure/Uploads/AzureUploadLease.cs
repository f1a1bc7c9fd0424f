using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using ImageAspire.Azure.Blobs;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Uploads;

namespace ImageAspire.Azure.Uploads;

/// <summary>
/// An upload with the lease of its blob. The lease is renewed while the upload is written, and expires when this process dies.
/// Every write is conditional on the lease and the offset: a late one changes nothing.
/// </summary>
internal sealed class AzureUploadLease(AppendBlobClient blob, BlobLeaseClient lease, UploadState state, TimeProvider time) : IUploadLease
{
    /// <summary>The longest finite lease of the service.</summary>
    public static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(60);

    // Every version of the service accepts blocks of 4 MiB, and 50,000 blocks a blob: with chunks of 16 KiB that is 780 MiB.
    private const int MaxBlock = 4 << 20;
    private static readonly TimeSpan RenewAfter = TimeSpan.FromSeconds(15);
    private long _renewed = time.GetTimestamp();
    private bool _ended;

    /// <inheritdoc />
    public UploadState State { get; private set; } = state;

    /// <inheritdoc />
    public async Task AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        for (var block = bytes; block.Length > 0; block = block[Math.Min(MaxBlock, block.Length)..])
            await AppendBlockAsync(block[..Math.Min(MaxBlock, block.Length)], cancellationToken);
    }

    /// <inheritdoc />
    public Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask; // the service stores each block in three copies before it responds

    /// <inheritdoc />
    public Task<Stream> OpenAsync(CancellationToken cancellationToken) => BlobErrors.CallAsync<Stream>(async () =>
        State.Offset == 0 ? new MemoryStream([], writable: false) : (await blob.DownloadStreamingAsync(new BlobDownloadOptions(), cancellationToken)).Value.Content, cancellationToken);

    /// <inheritdoc />
    public async Task SaveAsync(ResumableUpload upload, CancellationToken cancellationToken)
    {
        await RenewAsync(cancellationToken);
        var metadata = UploadBlob.Write(upload);
        await BlobErrors.CallAsync(async () =>
        {
            // Creating it again empties the blob and sets the metadata, atomically.
            if (upload.ImageId is not null)
                await blob.CreateAsync(new AppendBlobCreateOptions { Metadata = metadata, Conditions = new AppendBlobRequestConditions { LeaseId = lease.LeaseId } }, cancellationToken);
            else
                await blob.SetMetadataAsync(metadata, new BlobRequestConditions { LeaseId = lease.LeaseId }, cancellationToken);
            return true;
        }, cancellationToken);
        State = State with { Upload = upload, ChangedAt = time.GetUtcNow() };
    }

    /// <inheritdoc />
    public async Task DeleteAsync(CancellationToken cancellationToken)
    {
        if (_ended)
            return;
        await BlobErrors.CallAsync(() => blob.DeleteIfExistsAsync(DeleteSnapshotsOption.IncludeSnapshots, new BlobRequestConditions { LeaseId = lease.LeaseId }, cancellationToken), cancellationToken);
        _ended = true;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_ended)
            return;
        _ended = true;
        try
        {
            await lease.ReleaseAsync(conditions: null, CancellationToken.None);
        }
        catch (Exception error) when (BlobErrors.IsOfService(error, CancellationToken.None))
        {
            // It expires within a minute.
        }
    }

    private async Task AppendBlockAsync(ReadOnlyMemory<byte> block, CancellationToken cancellationToken)
    {
        if (time.GetElapsedTime(_renewed) > RenewAfter)
            await RenewAsync(cancellationToken);
        var conditions = new AppendBlobRequestConditions { IfAppendPositionEqual = State.Offset, LeaseId = lease.LeaseId };
        await BlobErrors.CallAsync(async () =>
        {
            using var content = new MemoryStream(block.ToArray(), writable: false);
            try
            {
                await blob.AppendBlockAsync(content, new AppendBlobAppendBlockOptions { Conditions = conditions }, cancellationToken);
            }
            catch (RequestFailedException error) when (error.ErrorCode == BlobErrorCode.AppendPositionConditionNotMet)
            {
                // The SDK retries when a response is lost: then the block may be there already. Only this process writes under the lease.
                BlobProperties now = await blob.GetPropertiesAsync(conditions: null, cancellationToken);
                if (now.ContentLength != State.Offset + block.Length)
                    throw;
            }

            return true;
        }, cancellationToken);
        State = State with { Offset = State.Offset + block.Length, ChangedAt = time.GetUtcNow() };
    }

    // An expired lease can be renewed too, as long as no other process has acquired one.
    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        await BlobErrors.CallAsync(() => lease.RenewAsync(conditions: null, cancellationToken), cancellationToken);
        _renewed = time.GetTimestamp();
    }
}
