using ImageAspire.Core.Failpoints;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;

namespace ImageAspire.Api.Images;

/// <summary>
/// Removes the blobs of a deleted image, and what is known of their damage. The record is deleted already; what cannot be removed here is left to
/// the sweeper and to the scrub.
/// </summary>
internal sealed partial class BlobCleaner(IBlobStore blobs, IScrubFindingStore findings, ILogger<BlobCleaner> logger)
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

        await RemoveFindingAsync(record.Id);
    }

    private async Task RemoveFindingAsync(Guid image)
    {
        try
        {
            if (await findings.FindAsync(image, CancellationToken.None) is not null)
                await findings.RemoveAsync(image, CancellationToken.None);
        }
        catch (IOException error)
        {
            LogFindingLeft(logger, image, error);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Blob {Name} of a deleted image could not be removed; the sweeper will.")]
    private static partial void LogLeft(ILogger logger, string name, Exception error);

    [LoggerMessage(LogLevel.Warning, "The finding of the scrub about the deleted image {ImageId} could not be removed; the scrub will.")]
    private static partial void LogFindingLeft(ILogger logger, Guid imageId, Exception error);
}
