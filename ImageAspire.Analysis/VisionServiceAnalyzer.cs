using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;

namespace ImageAspire.Analysis;

/// <summary>
/// What a local vision service sees, together with what was measured. An image that such a service cannot be shown at all (smaller
/// than 51 pixels, or a format without a thumbnail) has its measured facts only.
/// </summary>
internal sealed class VisionServiceAnalyzer(VisionServiceClient service, TimeProvider time) : IImageAnalyzer
{
    // Refusals of the bytes, not of the picture in them: a thumbnail of it may do.
    private static readonly string[] OfTheBytes = ["InvalidImageFormat", "InvalidImageSize", "NotSupportedImage"];

    /// <inheritdoc />
    public async Task<ImageAnalysis> AnalyzeAsync(ImageRecord record, OpenImage open, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (VisionInput.Choose(record, out _) is not { } input)
            return await new BuiltInAnalyzer(time).AnalyzeAsync(record, open, cancellationToken);
        try
        {
            return await AskAsync(record, input, open, cancellationToken);
        }
        catch (AnalyzerRefusedException error) when (input.Thumbnail is null && OfTheBytes.Contains(error.Code) && LargestThumbnail(record) is { } thumbnail)
        {
            return await AskAsync(record, new VisionInput(thumbnail), open, cancellationToken);
        }
    }

    private async Task<ImageAnalysis> AskAsync(ImageRecord record, VisionInput input, OpenImage open, CancellationToken cancellationToken)
    {
        var seen = await service.AnalyzeAsync(new VisionQuestion(token => open(input.Thumbnail, token)) { Image = record.Id }, cancellationToken);
        return VisionMerge.Of(record, input, seen, time.GetUtcNow());
    }

    private static ThumbnailInfo? LargestThumbnail(ImageRecord record) =>
        record.Thumbnails.Where(t => t.ContentType == "image/jpeg" && t.Width > VisionInput.MinSide && t.Height > VisionInput.MinSide).MaxBy(t => t.Size);
}
