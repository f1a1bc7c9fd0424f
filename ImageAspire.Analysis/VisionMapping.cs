using ImageAspire.Core.Images;

namespace ImageAspire.Analysis;

/// <summary>A service's answer as an analysis. A feature that was not asked for is null there and empty here.</summary>
internal static class VisionMapping
{
    /// <summary>Maps an answer about what was shown to the upright original. The caption is the service's, as it is.</summary>
    /// <param name="provider">Who answered.</param>
    /// <param name="record">The image.</param>
    /// <param name="input">What was shown.</param>
    /// <param name="seen">The answer.</param>
    /// <param name="now">When it came.</param>
    /// <param name="faintestPerson">People of less confidence are left out.</param>
    public static ImageAnalysis Of(string provider, ImageRecord record, VisionInput input, VisionAnswer seen, DateTimeOffset now, double faintestPerson = 0)
    {
        BoundingBox? Place(VisionBox? box) => box is null ? null
            : input.ToOriginal(record, seen.Metadata?.Width ?? 0, seen.Metadata?.Height ?? 0, new BoundingBox(box.X, box.Y, box.W, box.H));
        return new ImageAnalysis
        {
            Provider = provider,
            Model = seen.ModelVersion is { Length: > 0 } version ? version : "unknown",
            Caption = seen.CaptionResult?.Text,
            Tags = [.. Merge(Tags(seen))],
            Objects = [.. Objects(seen, Place)],
            People = [.. People(seen, Place).Where(person => person.Confidence >= faintestPerson)],
            Text = [.. Text(seen, Place)],
            AnalyzedAt = now,
        };
    }

    /// <summary>Each tag once, as sure as the surest of its name; surest first.</summary>
    public static IEnumerable<ImageTag> Merge(IEnumerable<ImageTag> tags) => tags
        .GroupBy(tag => tag.Name, (name, same) => new ImageTag(name, same.Max(tag => tag.Confidence)))
        .OrderByDescending(tag => tag.Confidence).ThenBy(tag => tag.Name, StringComparer.Ordinal);

    private static IEnumerable<ImageTag> Tags(VisionAnswer seen) =>
        from tag in seen.TagsResult?.Values ?? []
        where !string.IsNullOrWhiteSpace(tag.Name)
        select new ImageTag(tag.Name!.Trim().ToLowerInvariant(), Confidence(tag.Confidence));

    private static IEnumerable<DetectedObject> Objects(VisionAnswer seen, Func<VisionBox?, BoundingBox?> place) =>
        from found in seen.ObjectsResult?.Values ?? []
        let best = found.Tags?.MaxBy(tag => tag.Confidence)
        let box = place(found.BoundingBox)
        where !string.IsNullOrWhiteSpace(best?.Name) && box is not null
        orderby best!.Confidence descending
        select new DetectedObject(best.Name!.Trim().ToLowerInvariant(), Confidence(best.Confidence), box);

    private static IEnumerable<DetectedPerson> People(VisionAnswer seen, Func<VisionBox?, BoundingBox?> place) =>
        from found in seen.PeopleResult?.Values ?? []
        let box = place(found.BoundingBox)
        where box is not null
        orderby found.Confidence descending
        select new DetectedPerson(Confidence(found.Confidence), box);

    private static IEnumerable<DetectedText> Text(VisionAnswer seen, Func<VisionBox?, BoundingBox?> place) =>
        from block in seen.ReadResult?.Blocks ?? []
        from line in block.Lines ?? []
        let box = place(Around(line.BoundingPolygon))
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

    // Single precision comes in, four digits go out: 0.9987 and not 0.998700022697449.
    private static double Confidence(double value) => Math.Round(Math.Clamp(value, 0, 1), 4);
}
