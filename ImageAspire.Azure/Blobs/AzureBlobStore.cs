using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using ImageAspire.Core.Ports;
using BlobInfo = ImageAspire.Core.Ports.BlobInfo;

namespace ImageAspire.Azure.Blobs;

/// <summary>
/// Blobs in one container of Azure Blob Storage. A commit writes a name only once (<c>If-None-Match: *</c>), so that any number of
/// writers and retries is safe. When an upload returns, the service has stored the bytes in three copies.
/// </summary>
/// <param name="container">The container <c>images</c>; it exists (the AppHost declares it).</param>
internal sealed partial class AzureBlobStore(BlobContainerClient container) : IBlobStore
{
    private const int MaxLength = 200;

    /// <inheritdoc />
    public Task<IStagedBlob> StageAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<IStagedBlob>(new StagedUpload(container));
    }

    /// <inheritdoc />
    public async Task<Stream?> OpenAsync(string name, long offset, long? length, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length ?? 0, nameof(length));
        var blob = container.GetBlobClient(Checked(name));
        try
        {
            if (length is null)
            {
                // Seekable, and fetched in ranges: a client that reads only the first range costs only that.
                var stream = await blob.OpenReadAsync(new BlobOpenReadOptions(allowModifications: false) { Position = offset }, cancellationToken);
                if (offset <= stream.Length)
                    return stream;
                await stream.DisposeAsync();
                return new MemoryStream([], writable: false);
            }

            if (length == 0)
                return await blob.ExistsAsync(cancellationToken) ? new MemoryStream([], writable: false) : null; // an empty range cannot be requested
            var download = await blob.DownloadStreamingAsync(
                new BlobDownloadOptions { Range = new HttpRange(offset, length) }, cancellationToken);
            return download.Value.Content;
        }
        catch (RequestFailedException error) when (BlobErrors.IsMissing(error))
        {
            return null;
        }
        catch (RequestFailedException error) when (BlobErrors.IsBeyondEnd(error))
        {
            return new MemoryStream([], writable: false);
        }
        catch (Exception error) when (BlobErrors.IsOfService(error, cancellationToken))
        {
            throw BlobErrors.Unavailable(error);
        }
    }

    /// <inheritdoc />
    public async Task<BlobInfo?> StatAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            BlobProperties found = await container.GetBlobClient(Checked(name)).GetPropertiesAsync(conditions: null, cancellationToken);
            return new BlobInfo(name, found.ContentLength, found.LastModified.ToUniversalTime());
        }
        catch (RequestFailedException error) when (BlobErrors.IsMissing(error))
        {
            return null;
        }
        catch (Exception error) when (BlobErrors.IsOfService(error, cancellationToken))
        {
            throw BlobErrors.Unavailable(error);
        }
    }

    /// <inheritdoc />
    public async Task<bool> DeleteAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await container.GetBlobClient(Checked(name)).DeleteIfExistsAsync(DeleteSnapshotsOption.IncludeSnapshots, conditions: null, cancellationToken);
        }
        catch (Exception error) when (BlobErrors.IsOfService(error, cancellationToken))
        {
            throw BlobErrors.Unavailable(error);
        }
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<BlobInfo> ListAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(folder);
        if (!Folder().IsMatch(folder))
            throw new ArgumentException($"'{folder}' is not a folder of blobs.", nameof(folder));
        // All four arguments: the shorter overloads differ between versions of the SDK.
        await using var blobs = container.GetBlobsAsync(BlobTraits.None, BlobStates.None, folder, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await MoveNextAsync())
        {
            var properties = blobs.Current.Properties;
            yield return new BlobInfo(blobs.Current.Name, properties.ContentLength ?? 0, properties.LastModified?.ToUniversalTime() ?? DateTimeOffset.UnixEpoch);
        }

        async Task<bool> MoveNextAsync()
        {
            try
            {
                return await blobs.MoveNextAsync();
            }
            catch (Exception error) when (BlobErrors.IsOfService(error, cancellationToken))
            {
                throw BlobErrors.Unavailable(error);
            }
        }
    }

    /// <summary>The name, if it is valid: the same rule in both backends, so that data can move between them.</summary>
    internal static string Checked(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length <= MaxLength && Name().IsMatch(name) ? name : throw new ArgumentException(
            $"'{name}' is not a blob name: folder/name in lower-case ASCII letters, digits, '.' and '-', at most {MaxLength} characters.", nameof(name));
    }

    [GeneratedRegex(@"\A[a-z0-9-]+/[a-z0-9]{2}[a-z0-9.-]*\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"\A[a-z0-9-]+/\z")]
    private static partial Regex Folder();
}
