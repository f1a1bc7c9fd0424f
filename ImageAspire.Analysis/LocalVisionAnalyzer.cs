using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;

namespace ImageAspire.Analysis;

/// <summary>
/// Merges the result of a local vision service with measured facts. An image that such a service cannot take at all (smaller
/// than 51 pixels, or a format without a thumbnail) has its measured facts only.
/// </summary>
internal sealed class LocalVisionAnalyzer(VisionClient client, TimeProvider time) : IImageAnalyzer
{
    // Refusals of the encoding, not of the content: a thumbnail may be accepted.
    private static readonly string[] EncodingRefusals = ["InvalidImageFormat", "InvalidImageSize", "NotSupportedImage"];

    /// <inheritdoc />
    public async Task<ImageAnalysis> AnalyzeAsync(ImageRecord record, OpenImage open, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (VisionInput.Choose(record, out _, turnsUpright: true) is not { } input)
            return await new BuiltInAnalyzer(time).AnalyzeAsync(record, open, cancellationToken);
        try
        {
            return await AnalyzeAsync(record, input, open, cancellationToken);
        }
        catch (AnalyzerRefusedException error) when (input.Thumbnail is null && EncodingRefusals.Contains(error.Code) && LargestThumbnail(record) is { } thumbnail)
        {
            return await AnalyzeAsync(record, new VisionInput(thumbnail), open, cancellationToken);
        }
    }

    private async Task<ImageAnalysis> AnalyzeAsync(ImageRecord record, VisionInput input, OpenImage open, CancellationToken cancellationToken)
    {
        var result = await client.AnalyzeAsync(new VisionRequest(token => open(input.Thumbnail, token)) { ImageId = record.Id }, cancellationToken);
        return VisionMerge.Of(record, input, result, time.GetUtcNow());
    }

    private static ThumbnailInfo? LargestThumbnail(ImageRecord record) =>
        record.Thumbnails.Where(t => t.ContentType == "image/jpeg" && t.Width > VisionInput.MinSide && t.Height > VisionInput.MinSide).MaxBy(t => t.Size);
}
