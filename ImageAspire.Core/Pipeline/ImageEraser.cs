using ImageAspire.Core.Failpoints;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;

namespace ImageAspire.Core.Pipeline;

/// <summary>
/// Removes the blobs of an erased image, and what is known of their damage. The record is gone already; what cannot be removed here is left to
/// the orphan sweeper and to the scrub.
/// </summary>
public sealed class ImageEraser(IBlobStore blobs, IScrubFindingStore findings)
{
    /// <summary>Removes them.</summary>
    /// <param name="record">The last record of the image.</param>
    /// <param name="left">Takes what could not be removed, and why.</param>
    public async Task RemoveAsync(ImageRecord record, Action<string, Exception> left)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(left);
        foreach (var name in record.Thumbnails.Select(t => BlobNames.Thumbnail(record.Sha256, record.Id, t.Size, t.ContentType)).Prepend(record.BlobName))
        {
            await TryAsync($"blob {name}", async () =>
            {
                await blobs.DeleteAsync(name, CancellationToken.None);
                Failpoint.Hit(FailpointNames.DeleteBlobRemoved);
            }, left);
        }

        await TryAsync("finding of the scrub", async () =>
        {
            if (await findings.FindAsync(record.Id, CancellationToken.None) is not null)
                await findings.RemoveAsync(record.Id, CancellationToken.None);
        }, left);
    }

    private static async Task TryAsync(string what, Func<Task> remove, Action<string, Exception> left)
    {
        try
        {
            await remove();
        }
        catch (IOException error)
        {
            left(what, error);
        }
    }
}
