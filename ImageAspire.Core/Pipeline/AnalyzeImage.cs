using ImageAspire.Core.Errors;
using ImageAspire.Core.Events;
using ImageAspire.Core.Failpoints;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Stores;

namespace ImageAspire.Core.Pipeline;

/// <summary><c>image.inspected</c> → ask the analyser what is in the image → <c>image.analyzed</c>.</summary>
public sealed class AnalyzeImage(IImageCatalog catalog, IBlobStore blobs, IImageAnalyzer analyzer, VectorMaker vectors, TimeProvider time) : IStage
{
    /// <inheritdoc />
    public async Task ExecuteAsync(ImageEvent e, CancellationToken cancellationToken)
    {
        var record = await catalog.GetAsync(e.ImageId, cancellationToken);
        GivenUp.ThrowIfBy(record, nameof(AnalyzeImage));
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

        var made = await vectors.MakeAsync(record, analysis, cancellationToken);
        analysis = analysis with { VectorModels = made.Models };
        Failpoint.Hit(FailpointNames.AnalyzeAnswered);
        await catalog.TransitionAsync(record.Id, current => current.Status == ImageStatus.Inspected
            ? ImageLifecycle.Analyze(current, analysis, Cause.Now(nameof(AnalyzeImage), time)) with { Vectors = made.Vectors } : null, cancellationToken);
    }

    /// <inheritdoc />
    public async Task FailAsync(ImageEvent e, ImageFailure failure, CancellationToken cancellationToken) =>
        await catalog.TransitionAsync(e.ImageId, record => record.Status == ImageStatus.Inspected
            ? ImageLifecycle.Fail(record, failure, Cause.Now(nameof(AnalyzeImage), time)) : null, cancellationToken);

    private async Task<Stream> OpenAsync(ImageRecord record, ThumbnailInfo? thumbnail, CancellationToken cancellationToken) =>
        await blobs.OpenAsync(thumbnail is null ? record.BlobName : BlobNames.Thumbnail(record.Sha256, record.Id, thumbnail.Size, thumbnail.ContentType), 0, null, cancellationToken)
        ?? throw new PermanentFailureException(FailureCodes.ContentUnavailable, "The bytes of this image are missing from the blob store. Upload the file again.");
}
