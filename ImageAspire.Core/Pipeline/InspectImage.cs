using ImageAspire.Core.Diagnostics;
using ImageAspire.Core.Errors;
using ImageAspire.Core.Events;
using ImageAspire.Core.Failpoints;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Stores;

namespace ImageAspire.Core.Pipeline;

/// <summary><c>image.received</c> → decode safely, measure, make thumbnails → <c>image.inspected</c> or <c>image.rejected</c>.</summary>
public sealed class InspectImage(IImageCatalog catalog, IBlobStore blobs, IImageDecoder decoder, TimeProvider time) : IStage
{
    /// <inheritdoc />
    public async Task ExecuteAsync(ImageEvent e, CancellationToken cancellationToken)
    {
        var record = await catalog.GetAsync(e.ImageId, cancellationToken);
        GivenUp.ThrowIfBy(record, nameof(InspectImage));
        if (record is not { Status: ImageStatus.Received })
            return; // deleted meanwhile, or a second delivery

        Inspection? facts = null;
        UnusableImageException? rejected = null;
        try
        {
            facts = await InspectAsync(record, cancellationToken);
        }
        catch (UnusableImageException error)
        {
            rejected = error; // bad input is never retried
        }

        var moved = await catalog.TransitionAsync(record.Id, current => current.Status != ImageStatus.Received ? null : facts is not null
            ? ImageLifecycle.Inspect(current, facts, NewCause())
            : ImageLifecycle.Reject(current,
                new ImageFailure(nameof(InspectImage), rejected!.Code, rejected.Message, 1, time.GetUtcNow()).Because(FaultCauses.ImageRefused), NewCause()),
            cancellationToken);
        if (moved is null && facts is not null && await catalog.GetWithTrashAsync(record.Id, cancellationToken) is null)
            await DeleteThumbnailsAsync(record, facts, cancellationToken); // erased while we looked
    }

    /// <inheritdoc />
    public async Task FailAsync(ImageEvent e, ImageFailure failure, CancellationToken cancellationToken) =>
        await catalog.TransitionAsync(e.ImageId, record => record.Status == ImageStatus.Received
            ? ImageLifecycle.Fail(record, failure, NewCause()) : null, cancellationToken);

    private async Task<Inspection> InspectAsync(ImageRecord record, CancellationToken cancellationToken)
    {
        await using var original = await VerifiedOriginal.OpenAsync(blobs, record, cancellationToken);
        var (header, rendered) = await MeasureAsync(original, record, cancellationToken);
        Failpoint.Hit(FailpointNames.InspectDecoded);
        foreach (var thumbnail in rendered?.Thumbnails ?? [])
            await StoreAsync(record, thumbnail, cancellationToken);
        Failpoint.Hit(FailpointNames.InspectBeforeCommit);
        return new Inspection
        {
            Width = header.Width, Height = header.Height, Frames = header.Frames, Orientation = header.Orientation,
            TakenAtLocal = header.TakenAtLocal, TakenAt = header.TakenAt, Camera = header.Camera, Location = header.Location,
            Metadata = header.Metadata, Damaged = rendered?.Damaged, MetadataEdits = header.MetadataEdits,
            Colors = rendered?.Colors, Placeholder = rendered?.Placeholder, PerceptualHash = rendered?.PerceptualHash,
            Thumbnails = rendered is null ? [] : [.. rendered.Thumbnails.Select(t => t.Info)],
        };
    }

    private async Task<InspectedImage> MeasureAsync(Stream original, ImageRecord record, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity("decode image").About(record.Id)?.SetTag(Spans.ImageBytes, record.Bytes);
        try
        {
            return await decoder.InspectAsync(original, ImageFormat.All.First(f => f.ContentType == record.ContentType), cancellationToken);
        }
        catch (Exception error)
        {
            span.Fail(error);
            throw;
        }
    }

    private async Task StoreAsync(ImageRecord record, DecodedThumbnail thumbnail, CancellationToken cancellationToken)
    {
        await using var staged = await blobs.StageAsync(cancellationToken);
        await staged.Content.WriteAsync(thumbnail.Content, cancellationToken);
        var name = BlobNames.Thumbnail(record.Sha256, record.Id, thumbnail.Info.Size, thumbnail.Info.ContentType);
        await staged.CommitAsync(name, thumbnail.Info.ContentType, cancellationToken);
        Failpoint.Hit(FailpointNames.InspectThumbnailStored);
    }

    private async Task DeleteThumbnailsAsync(ImageRecord record, Inspection facts, CancellationToken cancellationToken)
    {
        foreach (var t in facts.Thumbnails)
            await blobs.DeleteAsync(BlobNames.Thumbnail(record.Sha256, record.Id, t.Size, t.ContentType), cancellationToken);
    }

    private Cause NewCause() => Cause.Now(nameof(InspectImage), time);
}
