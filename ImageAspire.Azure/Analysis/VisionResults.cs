using Azure.AI.Vision.ImageAnalysis;
using ImageAspire.Core.Images;
using DetectedObject = ImageAspire.Core.Images.DetectedObject;
using DetectedPerson = ImageAspire.Core.Images.DetectedPerson;

namespace ImageAspire.Azure.Analysis;

/// <summary>The service's answer as an analysis. A feature that was not asked for is null there and empty here.</summary>
internal static class VisionResults
{
    // The service lists dozens of faint people; below this it is guessing ("People detection", concept page of Image Analysis 4.0).
    private const double FaintPerson = 0.5;

    /// <summary>Maps an answer about what was shown to the upright original.</summary>
    public static ImageAnalysis Map(ImageRecord record, VisionInput input, ImageAnalysisResult result, DateTimeOffset now)
    {
        BoundingBox? Place(BoundingBox box) => input.ToOriginal(record, result.Metadata?.Width ?? 0, result.Metadata?.Height ?? 0, box);
        return new ImageAnalysis
        {
            Provider = "azure-ai-vision",
            Model = result.ModelVersion is { Length: > 0 } version ? version : "unknown",
            Caption = Sentence(result.Caption?.Text),
            Tags = [.. Tags(result)],
            Objects = [.. Objects(result, Place)],
            People = [.. People(result, Place)],
            Text = [.. Text(result, Place)],
            AnalyzedAt = now,
        };
    }

    private static IEnumerable<ImageTag> Tags(ImageAnalysisResult result) =>
        (result.Tags?.Values ?? [])
            .Where(tag => !string.IsNullOrWhiteSpace(tag.Name))
            .GroupBy(tag => tag.Name.Trim().ToLowerInvariant(), (name, same) => new ImageTag(name, Confidence(same.Max(tag => tag.Confidence))))
            .OrderByDescending(tag => tag.Confidence).ThenBy(tag => tag.Name, StringComparer.Ordinal);

    private static IEnumerable<DetectedObject> Objects(ImageAnalysisResult result, Func<BoundingBox, BoundingBox?> place) =>
        from found in result.Objects?.Values ?? []
        let best = found.Tags.MaxBy(tag => tag.Confidence)
        let box = BoxOf(found.BoundingBox, place)
        where best is not null && box is not null
        orderby best.Confidence descending
        select new DetectedObject(best.Name.Trim().ToLowerInvariant(), Confidence(best.Confidence), box);

    private static IEnumerable<DetectedPerson> People(ImageAnalysisResult result, Func<BoundingBox, BoundingBox?> place) =>
        from found in result.People?.Values ?? []
        let box = BoxOf(found.BoundingBox, place)
        where found.Confidence >= FaintPerson && box is not null
        orderby found.Confidence descending
        select new DetectedPerson(Confidence(found.Confidence), box);

    private static IEnumerable<DetectedText> Text(ImageAnalysisResult result, Func<BoundingBox, BoundingBox?> place) =>
        from block in result.Read?.Blocks ?? []
        from line in block.Lines
        let box = BoxOf(line.BoundingPolygon, place)
        where !string.IsNullOrWhiteSpace(line.Text) && box is not null
        select new DetectedText(line.Text, Confidence(line.Words.Count > 0 ? line.Words.Average(word => word.Confidence) : 1), box);

    private static BoundingBox? BoxOf(ImageBoundingBox? box, Func<BoundingBox, BoundingBox?> place) =>
        box is null ? null : place(new BoundingBox(box.X, box.Y, box.Width, box.Height));

    // Text may be slanted: the upright rectangle around it.
    private static BoundingBox? BoxOf(IReadOnlyList<ImagePoint> polygon, Func<BoundingBox, BoundingBox?> place)
    {
        if (polygon.Count == 0)
            return null;
        var (left, top) = (polygon.Min(point => point.X), polygon.Min(point => point.Y));
        return place(new BoundingBox(left, top, polygon.Max(point => point.X) - left, polygon.Max(point => point.Y) - top));
    }

    // Single precision in, four digits out: 0.9987 and not 0.998700022697449.
    private static double Confidence(double value) => Math.Round(Math.Clamp(value, 0, 1), 4);

    private static string? Sentence(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        var trimmed = text.Trim();
        return char.ToUpperInvariant(trimmed[0]) + trimmed[1..] + (trimmed[^1] is '.' or '!' or '?' ? "" : ".");
    }
}
