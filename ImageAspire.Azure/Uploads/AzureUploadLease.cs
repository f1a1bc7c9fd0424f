using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using ImageAspire.Azure.Blobs;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Uploads;

namespace ImageAspire.Azure.Uploads;

/// <summary>
/// An upload with the lease of its blob. The lease is renewed while there is something to do, and ends by itself when this process dies.
/// Every write names the lease and the place where it belongs: one that comes too late changes nothing.
/// </summary>
internal sealed class AzureUploadLease(AppendBlobClient blob, BlobLeaseClient lease, UploadState state, TimeProvider time) : IUploadLease
{
    /// <summary>The longest that the service gives, but for ever.</summary>
    public static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(60);

    // Every version of the service takes 4 MiB at once, and at most 50,000 blocks in a blob: with pieces of 16 KiB that is 780 MiB.
    private const int MaxBlock = 4 << 20;
    private static readonly TimeSpan RenewAfter = TimeSpan.FromSeconds(15);
    private long _renewed = time.GetTimestamp();
    private bool _gone;

    /// <inheritdoc />
    public UploadState State { get; private set; } = state;

    /// <inheritdoc />
    public async Task AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        for (var block = bytes; block.Length > 0; block = block[Math.Min(MaxBlock, block.Length)..])
            await AppendBlockAsync(block[..Math.Min(MaxBlock, block.Length)], cancellationToken);
    }

    /// <inheritdoc />
    public Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask; // the service has had each block three times over

    /// <inheritdoc />
    public Task<Stream> OpenAsync(CancellationToken cancellationToken) => BlobErrors.AskAsync<Stream>(async () =>
        State.Offset == 0 ? new MemoryStream([], writable: false) : (await blob.DownloadStreamingAsync(new BlobDownloadOptions(), cancellationToken)).Value.Content, cancellationToken);

    /// <inheritdoc />
    public async Task SaveAsync(ResumableUpload upload, CancellationToken cancellationToken)
    {
        await RenewAsync(cancellationToken);
        var metadata = UploadBlob.Write(upload);
        await BlobErrors.AskAsync(async () =>
        {
            // Written anew the blob is empty, in one step with what is told of the image.
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
        if (_gone)
            return;
        await BlobErrors.AskAsync(() => blob.DeleteIfExistsAsync(DeleteSnapshotsOption.IncludeSnapshots, new BlobRequestConditions { LeaseId = lease.LeaseId }, cancellationToken), cancellationToken);
        _gone = true;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_gone)
            return;
        _gone = true;
        try
        {
            await lease.ReleaseAsync(conditions: null, CancellationToken.None);
        }
        catch (Exception error) when (BlobErrors.IsOfService(error, CancellationToken.None))
        {
            // It ends by itself within a minute.
        }
    }

    private async Task AppendBlockAsync(ReadOnlyMemory<byte> block, CancellationToken cancellationToken)
    {
        if (time.GetElapsedTime(_renewed) > RenewAfter)
            await RenewAsync(cancellationToken);
        var conditions = new AppendBlobRequestConditions { IfAppendPositionEqual = State.Offset, LeaseId = lease.LeaseId };
        await BlobErrors.AskAsync(async () =>
        {
            using var content = new MemoryStream(block.ToArray(), writable: false);
            try
            {
                await blob.AppendBlockAsync(content, new AppendBlobAppendBlockOptions { Conditions = conditions }, cancellationToken);
            }
            catch (RequestFailedException error) when (error.ErrorCode == BlobErrorCode.AppendPositionConditionNotMet)
            {
                // The SDK tries again when an answer is lost: then the block may be there already. Nobody else writes under our lease.
                BlobProperties now = await blob.GetPropertiesAsync(conditions: null, cancellationToken);
                if (now.ContentLength != State.Offset + block.Length)
                    throw;
            }

            return true;
        }, cancellationToken);
        State = State with { Offset = State.Offset + block.Length, ChangedAt = time.GetUtcNow() };
    }

    // Also of a lease that has run out, as long as nobody else has taken it.
    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        await BlobErrors.AskAsync(() => lease.RenewAsync(conditions: null, cancellationToken), cancellationToken);
        _renewed = time.GetTimestamp();
    }
}
