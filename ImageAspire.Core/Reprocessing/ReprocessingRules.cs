using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;

namespace ImageAspire.Core.Reprocessing;

/// <summary>Which images a job looks at, and which of them it sends to its stage. Pure: no clock, no store.</summary>
public static class ReprocessingRules
{
    /// <summary>The statuses whose images are looked at, one after the other. Those that wait for the stage come first.</summary>
    public static IReadOnlyList<ImageStatus> Passes(ReprocessingJob job)
    {
        var stage = DefinitionOf(job);
        return [stage.WaitsIn, .. job.Scope == ReprocessingScope.All ? stage.All : stage.Missing];
    }

    /// <summary>The transition that sends an image to the stage; null when it is left alone.</summary>
    /// <param name="job">The job.</param>
    /// <param name="record">The image.</param>
    /// <param name="cause">Who and when.</param>
    public static Transition? Decide(ReprocessingJob job, ImageRecord record, Cause cause)
    {
        ArgumentNullException.ThrowIfNull(record);
        var stage = DefinitionOf(job);
        if (record.Status == stage.WaitsIn)
            return job.Stranded ? ImageLifecycle.AnnounceAgain(record, cause) : null;
        if (record.Status is ImageStatus.Rejected or ImageStatus.Received)
            return null;
        if (job.Scope == ReprocessingScope.All && record.Analysis?.AnalyzedAt >= job.StartedAt)
            return null; // analyzed since the job began: sent by it, or by an operator
        return job.Scope == ReprocessingScope.All || stage.LacksResult(record) ? stage.Repeat(record, cause) : null;
    }

    private static ReprocessingDefinition DefinitionOf(ReprocessingJob job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return StageCatalog.Reprocessable.FirstOrDefault(stage => stage.Subscription == job.Stage)?.Reprocessing
            ?? throw new ArgumentException($"'{job.Stage}' is not the subscription of a stage that can be run again.", nameof(job));
    }
}
