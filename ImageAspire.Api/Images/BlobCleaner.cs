using ImageAspire.Core.Failpoints;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;

namespace ImageAspire.Api.Images;

/// <summary>Removes the blobs of a deleted image. The record is deleted already; blobs that cannot be removed here are left to the sweeper.</summary>
internal sealed partial class BlobCleaner(IBlobStore blobs, ILogger<BlobCleaner> logger)
{
    public async Task RemoveAsync(ImageRecord record)
    {
        string[] names = [record.BlobName, .. record.Thumbnails.Select(t => BlobNames.Thumbnail(record.Sha256, record.Id, t.Size, t.ContentType))];
        foreach (var name in names)
        {
            try
            {
                await blobs.DeleteAsync(name, CancellationToken.None);
                Failpoint.Hit(FailpointNames.DeleteBlobRemoved);
            }
            catch (IOException error)
            {
                LogLeft(logger, name, error);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Blob {Name} of a deleted image could not be removed; the sweeper will.")]
    private static partial void LogLeft(ILogger logger, string name, Exception error);
}
