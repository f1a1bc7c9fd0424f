using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;

namespace ImageAspire.Analysis;

/// <summary>
/// Puts measured facts into words. It never looks at the pixels and never names an object: what it says follows from the record,
/// by the thresholds in <see cref="MeasuredTags"/>, and the same record gives the same words.
/// </summary>
internal sealed class BuiltInAnalyzer(TimeProvider time) : IImageAnalyzer
{
    /// <inheritdoc />
    public Task<ImageAnalysis> AnalyzeAsync(
        ImageRecord record, OpenImage open, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        // Sorting is stable: tags of equal confidence stay in the order in which they were found.
        ImageTag[] tags = [.. MeasuredTags.Of(record).OrderByDescending(t => t.Confidence)];
        return Task.FromResult(new ImageAnalysis
        {
            Provider = "built-in", Model = "measured-facts/1", Tags = tags, Caption = MeasuredCaption.Of(record),
            AnalyzedAt = time.GetUtcNow(),
        });
    }
}
