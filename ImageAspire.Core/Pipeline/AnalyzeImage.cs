using ImageAspire.Core.Events;
using ImageAspire.Core.Faults;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;

namespace ImageAspire.Core.Pipeline;

/// <summary><c>image.inspected</c> → ask the analyser what is in the image → <c>image.analyzed</c>.</summary>
public sealed class AnalyzeImage(IImageCatalog catalog, IBlobStore blobs, IImageAnalyzer analyzer, TimeProvider time) : IStage
{
    /// <inheritdoc />
    public string Name => nameof(AnalyzeImage);

    /// <inheritdoc />
    public string Subscription => "analyze-image";

    /// <inheritdoc />
    public IReadOnlyList<string>? WakesOn { get; } = [ImageEventTypes.Inspected];

    /// <inheritdoc />
    public async Task RunAsync(ImageEvent e, CancellationToken cancellationToken)
    {
        var record = await catalog.GetAsync(e.ImageId, cancellationToken);
        if (record is not { Status: ImageStatus.Inspected })
            return; // deleted meanwhile, or a second delivery

        ImageAnalysis analysis;
        try
        {
            analysis = await analyzer.AnalyzeAsync(record, (thumbnail, token) => OpenAsync(record, thumbnail, token), cancellationToken);
        }
        catch (AnalyzerUnavailableException error)
        {
            throw new RetryLaterException(error.Message, error.RetryAfter, error);
        }
        catch (AnalyzerRefusedException error)
        {
            throw new PermanentFailureException(error.Code, error.Message, error);
        }

        Failpoint.Hit(FailpointNames.AnalyzeAnswered);
        await catalog.MoveAsync(record.Id, current => current.Status == ImageStatus.Inspected
            ? ImageLifecycle.Analyze(current, analysis, StageCause.Now(Name, time)) : null, cancellationToken);
    }

    /// <inheritdoc />
    public async Task GiveUpAsync(ImageEvent e, ImageFailure why, CancellationToken cancellationToken) =>
        await catalog.MoveAsync(e.ImageId, record => record.Status == ImageStatus.Inspected
            ? ImageLifecycle.Fail(record, why, StageCause.Now(Name, time)) : null, cancellationToken);

    private async Task<Stream> OpenAsync(ImageRecord record, ThumbnailInfo? thumbnail, CancellationToken cancellationToken) =>
        await blobs.OpenAsync(thumbnail is null ? record.BlobName : BlobNames.Thumbnail(record.Sha256, record.Id, thumbnail.Size, thumbnail.ContentType), 0, null, cancellationToken)
        ?? throw new PermanentFailureException(FailureCodes.ContentUnavailable, "The bytes of this image are missing from the blob store. Upload the file again.");
}
