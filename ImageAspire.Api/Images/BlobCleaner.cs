using ImageAspire.Core.Failpoints;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;

namespace ImageAspire.Api.Images;

/// <summary>Removes the bytes of a deleted image. The record is gone already: what fails here, the sweeper finishes.</summary>
internal static partial class BlobCleaner
{
    public static async Task RemoveAsync(ImageRecord record, IBlobStore blobs, ILogger logger)
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
