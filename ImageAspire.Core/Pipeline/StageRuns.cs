using ImageAspire.Core.Images;

namespace ImageAspire.Core.Pipeline;

/// <summary>Which images a run looks at, and which of them it sends to the stage. Pure: no clock, no store.</summary>
public static class StageRuns
{
    /// <summary>The stages that work on one image each, by subscription, with their names.</summary>
    public static IReadOnlyDictionary<string, string> Stages { get; } = new Dictionary<string, string>
    {
        ["inspect-image"] = nameof(InspectImage), ["analyze-image"] = nameof(AnalyzeImage),
    };

    /// <summary>The statuses whose images are looked at, one after the other. Those that wait for the stage come first.</summary>
    public static IReadOnlyList<ImageStatus> Passes(StageRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return (Inspects(run), run.Kind) switch
        {
            (true, _) => [ImageStatus.Received, ImageStatus.Failed, ImageStatus.Inspected, ImageStatus.Analyzed],
            (false, StageRunKind.Missing) => [ImageStatus.Inspected, ImageStatus.Failed],
            _ => [ImageStatus.Inspected, ImageStatus.Failed, ImageStatus.Analyzed],
        };
    }

    /// <summary>The move that sends an image to the stage; null when it is left alone.</summary>
    /// <param name="run">The run.</param>
    /// <param name="record">The image.</param>
    /// <param name="cause">Who and when.</param>
    public static Transition? Decide(StageRun run, ImageRecord record, Cause cause)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(record);
        var waitsFor = Inspects(run) ? ImageStatus.Received : ImageStatus.Inspected;
        if (record.Status == waitsFor)
            return run.Stranded ? ImageLifecycle.AnnounceAgain(record, cause) : null;
        if (record.Status is ImageStatus.Rejected or ImageStatus.Received)
            return null;
        if (run.Kind == StageRunKind.All && record.Analysis?.AnalyzedAt >= run.StartedAt)
            return null; // this run, or somebody else since it began, has sent it already
        if (Inspects(run))
            return run.Kind == StageRunKind.All || LacksInspection(record) ? ImageLifecycle.InspectAgain(record, cause) : null;
        return run.Kind == StageRunKind.All || record is { Status: ImageStatus.Failed, Failure.Stage: nameof(AnalyzeImage) }
            ? ImageLifecycle.AnalyzeAgain(record, cause) : null;
    }

    private static bool Inspects(StageRun run) => run.Stage == "inspect-image";

    // Also a picture that was inspected where nothing could decode it.
    private static bool LacksInspection(ImageRecord record) =>
        record.Width is null || record.Thumbnails.Count == 0 || record.Failure is { Stage: nameof(InspectImage) };
}
