using Azure;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using ImageAspire.Core.Ports;

namespace ImageAspire.Azure.Blobs;

/// <summary>
/// Bytes in a temporary file until their name is known. The name contains the digest of all bytes, and Azure cannot rename a block blob.
/// The alternative, a blob with a temporary name and a copy, costs more calls and leaves blobs behind when a process dies.
/// </summary>
internal sealed class StagedUpload(BlobContainerClient container) : IStagedBlob
{
    // Up to this size one request; above it blocks, two at a time.
    private static readonly StorageTransferOptions Transfer = new()
    {
        InitialTransferSize = 8 << 20, MaximumTransferSize = 8 << 20, MaximumConcurrency = 2,
    };

    private readonly FileStream _file = TemporaryFile.Create();

    private bool _disposed;

    /// <inheritdoc />
    public Stream Content => _file;

    /// <inheritdoc />
    public Task<bool> CommitAsync(string name, string contentType, CancellationToken cancellationToken) =>
        UploadAsync(name, contentType, new BlobRequestConditions { IfNoneMatch = ETag.All }, cancellationToken);

    /// <inheritdoc />
    public Task ReplaceAsync(string name, string contentType, CancellationToken cancellationToken) => UploadAsync(name, contentType, conditions: null, cancellationToken);

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        _disposed = true;
        return _file.DisposeAsync(); // which deletes the file
    }

    private async Task<bool> UploadAsync(string name, string contentType, BlobRequestConditions? conditions, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var blob = container.GetBlobClient(AzureBlobStore.Checked(name));
        await _file.FlushAsync(cancellationToken);
        _file.Position = 0;
        try
        {
            await blob.UploadAsync(_file, new BlobUploadOptions
            {
                HttpHeaders = new BlobHttpHeaders { ContentType = contentType },
                Conditions = conditions,
                TransferOptions = Transfer,
            }, cancellationToken);
            return true;
        }
        catch (RequestFailedException error) when (BlobErrors.IsTaken(error))
        {
            return false;
        }
        catch (Exception error) when (BlobErrors.IsOfService(error, cancellationToken))
        {
            throw BlobErrors.Unavailable(error);
        }
    }
}
