using ImageAspire.Core.Images;

namespace ImageAspire.Analysis;

/// <summary>A service's answer and measured facts, as one analysis.</summary>
internal static class VisionMerge
{
    /// <summary>Of a tag that both know, the surer one counts. The caption is the service's when it saw something, else the measured one.</summary>
    public static ImageAnalysis Of(ImageRecord record, VisionInput input, VisionAnswer seen, DateTimeOffset now)
    {
        BoundingBox? Place(VisionBox? box) => box is null ? null
            : input.ToOriginal(record, seen.Metadata?.Width ?? 0, seen.Metadata?.Height ?? 0, new BoundingBox(box.X, box.Y, box.W, box.H));
        var sawSomething = seen.ObjectsResult?.Values?.Count > 0 || seen.PeopleResult?.Values?.Count > 0;
        return new ImageAnalysis
        {
            Provider = "local-vision",
            Model = seen.ModelVersion is { Length: > 0 } version ? version : "unknown",
            Caption = sawSomething && seen.CaptionResult?.Text is { Length: > 0 } text ? text : MeasuredCaption.Of(record),
            Tags = [.. Tags(record, seen)],
            Objects = [.. Objects(seen, Place)],
            People = [.. People(seen, Place)],
            Text = [.. Text(seen, Place)],
            AnalyzedAt = now,
        };
    }

    private static IEnumerable<ImageTag> Tags(ImageRecord record, VisionAnswer seen) =>
        (seen.TagsResult?.Values ?? [])
            .Where(tag => !string.IsNullOrWhiteSpace(tag.Name))
            .Select(tag => new ImageTag(tag.Name!.Trim().ToLowerInvariant(), Confidence(tag.Confidence)))
            .Concat(MeasuredTags.Of(record))
            .GroupBy(tag => tag.Name, (name, same) => new ImageTag(name, same.Max(tag => tag.Confidence)))
            .OrderByDescending(tag => tag.Confidence).ThenBy(tag => tag.Name, StringComparer.Ordinal);

    private static IEnumerable<DetectedObject> Objects(VisionAnswer seen, Func<VisionBox?, BoundingBox?> place) =>
        from found in seen.ObjectsResult?.Values ?? []
        let best = found.Tags?.MaxBy(tag => tag.Confidence)
        let box = place(found.BoundingBox)
        where best is { Name.Length: > 0 } && box is not null
        orderby best!.Confidence descending
        select new DetectedObject(best!.Name!.ToLowerInvariant(), Confidence(best.Confidence), box);

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
        where line.Text is { Length: > 0 } && box is not null
        select new DetectedText(line.Text!, Confidence(line.Words is { Count: > 0 } words ? words.Average(word => word.Confidence) : 1), box);

    // Text may be slanted: the upright rectangle around it.
    private static VisionBox? Around(IReadOnlyList<VisionPoint>? polygon)
    {
        if (polygon is not { Count: > 0 })
            return null;
        var (left, top) = (polygon.Min(point => point.X), polygon.Min(point => point.Y));
        return new VisionBox(left, top, polygon.Max(point => point.X) - left, polygon.Max(point => point.Y) - top);
    }

    private static double Confidence(double value) => Math.Round(Math.Clamp(value, 0, 1), 4);
}
