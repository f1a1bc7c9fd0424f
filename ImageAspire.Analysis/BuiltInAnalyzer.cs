using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;

namespace ImageAspire.Analysis;

/// <summary>
/// Describes an image by its measured facts. It reads no pixels and names no objects: tags and caption follow from the record
/// by the thresholds in <see cref="MeasuredTags"/>, and the same record gives the same result.
/// </summary>
internal sealed class BuiltInAnalyzer(TimeProvider time) : IImageAnalyzer
{
    /// <inheritdoc />
    public Task<ImageAnalysis> AnalyzeAsync(
        ImageRecord record, OpenImage open, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        // Sorting is stable: tags of equal confidence keep their order.
        ImageTag[] tags = [.. MeasuredTags.Of(record).OrderByDescending(t => t.Confidence)];
        return Task.FromResult(new ImageAnalysis
        {
            Provider = ImageAnalysis.BuiltIn, Model = "measured-facts/1", Tags = tags, Caption = MeasuredCaption.Of(record),
            AnalyzedAt = time.GetUtcNow(),
        });
    }
}
