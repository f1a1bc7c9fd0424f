using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;

namespace ImageAspire.Api.Images;

/// <summary>Opens the stored originals, and logs those that cannot be the ones of their records.</summary>
internal sealed partial class Originals(IBlobStore blobs, ILogger<Originals> logger)
{
    /// <summary>Opens an original; null when it is missing or has another length than the upload. Its digest is not compared: that is the scrub's work.</summary>
    public async Task<Stream?> OpenAsync(ImageRecord record, CancellationToken cancellationToken)
    {
        if (await blobs.OpenAsync(record.BlobName, 0, null, cancellationToken) is not { } stream)
        {
            LogMissing(logger, record.Id);
            return null;
        }

        if (stream.Length == record.Bytes)
            return stream;
        LogWrongLength(logger, record.Id, stream.Length, record.Bytes);
        await stream.DisposeAsync();
        return null;
    }

    [LoggerMessage(LogLevel.Warning, "The original of image {ImageId} is not in the blob store.")] // or the image was deleted at this moment
    private static partial void LogMissing(ILogger logger, Guid imageId);

    [LoggerMessage(LogLevel.Error, "The original of image {ImageId} has {StoredBytes} bytes in the blob store instead of {Bytes}, and is not given out. Upload the same file again, or copy it from a backup.")]
    private static partial void LogWrongLength(ILogger logger, Guid imageId, long storedBytes, long bytes);
}
