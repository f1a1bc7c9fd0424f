using ImageAspire.Core.Images;

namespace ImageAspire.Analysis;

/// <summary>Maps a service's result to an analysis. A feature that was not requested is null there and empty here.</summary>
internal static class VisionMapping
{
    /// <summary>Maps a result, with its boxes in pixels of the upright original. The caption is the service's, unchanged.</summary>
    /// <param name="provider">Name of the service, for the record.</param>
    /// <param name="record">The image.</param>
    /// <param name="input">Which bytes were sent.</param>
    /// <param name="result">The service's result.</param>
    /// <param name="now">When it arrived.</param>
    /// <param name="minPersonConfidence">People of less confidence are left out.</param>
    public static ImageAnalysis Of(string provider, ImageRecord record, VisionInput input, VisionResult result, DateTimeOffset now, double minPersonConfidence = 0)
    {
        BoundingBox? ToOriginal(VisionBox? box) => box is null ? null
            : input.ToOriginal(record, result.Metadata?.Width ?? 0, result.Metadata?.Height ?? 0, new BoundingBox(box.X, box.Y, box.W, box.H));
        return new ImageAnalysis
        {
            Provider = provider,
            Model = result.ModelVersion is { Length: > 0 } version ? version : "unknown",
            Caption = result.CaptionResult?.Text,
            Tags = [.. Merge(Tags(result))],
            Objects = [.. Objects(result, ToOriginal)],
            People = [.. People(result, ToOriginal).Where(person => person.Confidence >= minPersonConfidence)],
            Text = [.. Text(result, ToOriginal)],
            AnalyzedAt = now,
        };
    }

    /// <summary>Each name once with its highest confidence. What is in the image comes before what was measured on it; in each the highest first.</summary>
    public static IEnumerable<ImageTag> Merge(IEnumerable<ImageTag> tags) => tags
        .GroupBy(tag => tag.Name, (name, same) => new ImageTag(name, same.Max(tag => tag.Confidence)))
        .OrderBy(tag => MeasuredFacts.Contains(tag.Name)).ThenByDescending(tag => tag.Confidence).ThenBy(tag => tag.Name, StringComparer.Ordinal);

    private static IEnumerable<ImageTag> Tags(VisionResult result) =>
        from tag in result.TagsResult?.Values ?? []
        where !string.IsNullOrWhiteSpace(tag.Name)
        select new ImageTag(tag.Name!.Trim().ToLowerInvariant(), Confidence(tag.Confidence));

    private static IEnumerable<DetectedObject> Objects(VisionResult result, Func<VisionBox?, BoundingBox?> toOriginal) =>
        from found in result.ObjectsResult?.Values ?? []
        let best = found.Tags?.MaxBy(tag => tag.Confidence)
        let box = toOriginal(found.BoundingBox)
        where !string.IsNullOrWhiteSpace(best?.Name) && box is not null
        orderby best!.Confidence descending
        select new DetectedObject(best.Name!.Trim().ToLowerInvariant(), Confidence(best.Confidence), box);

    private static IEnumerable<DetectedPerson> People(VisionResult result, Func<VisionBox?, BoundingBox?> toOriginal) =>
        from found in result.PeopleResult?.Values ?? []
        let box = toOriginal(found.BoundingBox)
        where box is not null
        orderby found.Confidence descending
        select new DetectedPerson(Confidence(found.Confidence), box);

    private static IEnumerable<DetectedText> Text(VisionResult result, Func<VisionBox?, BoundingBox?> toOriginal) =>
        from block in result.ReadResult?.Blocks ?? []
        from line in block.Lines ?? []
        let box = toOriginal(Around(line.BoundingPolygon))
        where !string.IsNullOrWhiteSpace(line.Text) && box is not null
        select new DetectedText(line.Text!, Confidence(line.Words is { Count: > 0 } words ? words.Average(word => word.Confidence) : 1), box);

    // Text may be slanted: the upright rectangle around it.
    private static VisionBox? Around(IReadOnlyList<VisionPoint>? polygon)
    {
        if (polygon is not { Count: > 0 })
            return null;
        var (left, top) = (polygon.Min(point => point.X), polygon.Min(point => point.Y));
        return new VisionBox(left, top, polygon.Max(point => point.X) - left, polygon.Max(point => point.Y) - top);
    }

    // Services send single precision; four digits are kept: 0.9987 and not 0.998700022697449.
    private static double Confidence(double value) => Math.Round(Math.Clamp(value, 0, 1), 4);
}
