using ImageAspire.Core.Images;

namespace ImageAspire.Analysis;

/// <summary>A local service's answer and measured facts, as one analysis.</summary>
internal static class VisionMerge
{
    /// <summary>Of a tag that both know, the surer one counts. The caption is the service's when it saw something, else the measured one.</summary>
    public static ImageAnalysis Of(ImageRecord record, VisionInput input, VisionAnswer seen, DateTimeOffset now)
    {
        var sawSomething = seen.ObjectsResult?.Values?.Count > 0 || seen.PeopleResult?.Values?.Count > 0;
        var analysis = VisionMapping.Of("local-vision", record, input, seen, now);
        return analysis with
        {
            Caption = sawSomething && analysis.Caption is { Length: > 0 } text ? text : MeasuredCaption.Of(record),
            Tags = [.. VisionMapping.Merge(analysis.Tags.Concat(MeasuredTags.Of(record)))],
        };
    }
}
