using ImageAspire.Core.Images;

namespace ImageAspire.Analysis;

/// <summary>Merges a local service's result with measured facts.</summary>
internal static class VisionMerge
{
    /// <summary>Of a tag that both have, the higher confidence counts. The caption is the service's when it found objects or people, else the measured one.</summary>
    public static ImageAnalysis Of(ImageRecord record, VisionInput input, VisionResult result, DateTimeOffset now)
    {
        var foundSomething = result.ObjectsResult?.Values?.Count > 0 || result.PeopleResult?.Values?.Count > 0;
        var analysis = VisionMapping.Of("local-vision", record, input, result, now);
        return analysis with
        {
            Caption = foundSomething && analysis.Caption is { Length: > 0 } text ? text : MeasuredCaption.Of(record),
            Tags = [.. VisionMapping.Merge(analysis.Tags.Concat(MeasuredTags.Of(record)))],
        };
    }
}
