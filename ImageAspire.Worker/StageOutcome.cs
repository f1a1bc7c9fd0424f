using ImageAspire.Core.Ports;

namespace ImageAspire.Worker;

/// <summary>How one execution of a stage ended.</summary>
internal enum StageOutcome
{
    /// <summary>The stage has done its job.</summary>
    Done,

    /// <summary>It failed; the message is retried, counted.</summary>
    Retry,

    /// <summary>A dependency is unavailable; the message is retried, uncounted.</summary>
    Waiting,

    /// <summary>The lock was lost, or the host stops; the message is redelivered, uncounted.</summary>
    Interrupted,

    /// <summary>Attempts are used up, or retrying cannot help; the message is dead-lettered.</summary>
    Failed,
}

/// <summary>How an execution ended, and how its message is settled.</summary>
internal sealed record StageResult(StageOutcome Outcome, MessageOutcome Settlement)
{
    public static readonly StageResult Done = new(StageOutcome.Done, MessageOutcome.Completed);
}

/// <summary>Names of outcomes in metrics and spans.</summary>
internal static class StageOutcomes
{
    /// <summary>The value of the attribute <c>outcome</c>; part of the contract with operators.</summary>
    public static string ToMetricValue(this StageOutcome outcome) => outcome switch
    {
        StageOutcome.Done => "done",
        StageOutcome.Retry => "retry",
        StageOutcome.Waiting => "waiting",
        StageOutcome.Interrupted => "interrupted",
        _ => "failed",
    };
}
