using System.Diagnostics;
using ImageAspire.Api.Images;
using ImageAspire.Core.Diagnostics;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Uploads;

namespace ImageAspire.Api.Uploads.Resumable;

/// <summary>
/// Turns an upload that has all its bytes into an image, the way every upload becomes one. Idempotent: after a crash at any point it may run
/// again, and there is still one image.
/// </summary>
internal sealed class UploadCompletion(ReceiveImage receive, IImageCatalog catalog, PageCache cache, IStorageSpace space, TimeProvider time)
{
    /// <summary>Creates the image and stores its id in the upload.</summary>
    /// <param name="hold">The upload.</param>
    /// <param name="uploader">The key.</param>
    /// <exception cref="UploadRefusedException">The bytes are not an accepted image; the caller removes the upload.</exception>
    public async Task CompleteAsync(IUploadLease hold, Uploader uploader)
    {
        var upload = hold.State.Upload;
        LinkToCreation(upload);
        await using var staged = await StageAsync(hold);
        if (await catalog.FindAsync(staged.Sha256, CancellationToken.None) is null)
        {
            upload = upload with { Attempt = Guid.CreateVersion7(time.GetUtcNow()) };
            await hold.SaveAsync(upload, CancellationToken.None);
        }

        var image = (await receive.CommitAsync([staged with { Id = upload.Attempt }], uploader, CancellationToken.None))[0];
        cache.Clear();
        await hold.SaveAsync(upload with { ImageId = image.Record.Id, Duplicate = image.Record.Id != upload.Attempt }, CancellationToken.None);
        Telemetry.ResumableUploads.Add(1, new KeyValuePair<string, object?>("outcome", "completed"));
    }

    // Not cancelled, here and above: the upload is complete, and a client that disconnects still gets its image.
    private async Task<StagedImage> StageAsync(IUploadLease hold)
    {
        var (upload, length) = (hold.State.Upload, hold.State.Offset);
        await space.CheckAsync(length, CancellationToken.None); // the bytes are there twice until the upload's are removed
        await using var bytes = await hold.OpenAsync(CancellationToken.None);
        return await receive.StageAsync(bytes, upload.Name, length, CancellationToken.None);
    }

    /// <summary>Removes an upload that can never become an image.</summary>
    public static async Task RefuseAsync(IUploadLease hold)
    {
        await hold.DeleteAsync(CancellationToken.None);
        Telemetry.ResumableUploads.Add(1, new KeyValuePair<string, object?>("outcome", "refused"));
    }

    // The image's trace is that of the last chunk; a link leads to the request that created the upload.
    private static void LinkToCreation(ResumableUpload upload)
    {
        if (Activity.Current is { IsAllDataRequested: true } span && ActivityContext.TryParse(upload.TraceParent, null, out var creation) && creation.TraceId != span.TraceId)
            span.Top().AddLink(new ActivityLink(creation));
    }
}
