namespace ImageAspire.Imaging.Isolation;

/// <summary>Why a decoder process ended.</summary>
internal enum DecoderEndReason
{
    /// <summary>By itself, before it answered.</summary>
    Crashed,

    /// <summary>Exceeded its time limit.</summary>
    TimeLimit,

    /// <summary>Exceeded its memory limit.</summary>
    MemoryLimit,

    /// <summary>Broke the protocol, or gave an impossible answer.</summary>
    InvalidAnswer,

    /// <summary>The caller cancelled.</summary>
    Canceled,

    /// <summary>Idle for long, worn out, no longer wanted, or the Worker stops.</summary>
    Discarded,
}

/// <summary>Names of reasons in metrics, spans and logs.</summary>
internal static class DecoderEndReasons
{
    /// <summary>The value of the attribute <c>reason</c>; part of the contract with operators.</summary>
    public static string ToMetricValue(this DecoderEndReason reason) => reason switch
    {
        DecoderEndReason.Crashed => "crash",
        DecoderEndReason.TimeLimit => "time",
        DecoderEndReason.MemoryLimit => "memory",
        DecoderEndReason.InvalidAnswer => "nonsense",
        DecoderEndReason.Canceled => "canceled",
        _ => "notneeded",
    };
}

/// <summary>A decoder process ended before it gave a valid answer.</summary>
/// <param name="reason">Why it ended.</param>
/// <param name="exitCode">Its exit code; 128 + the signal's number where a signal ended it.</param>
/// <param name="errors">The end of its standard error, printable.</param>
/// <param name="inner">The error through which the Worker noticed.</param>
internal sealed class DecoderFailedException(DecoderEndReason reason, int exitCode, string errors, Exception inner)
    : Exception($"The decoder ended ({reason}, exit code {exitCode}): {inner.Message} {errors}", inner)
{
    public DecoderEndReason Reason { get; } = reason;

    public int ExitCode { get; } = exitCode;

    public string Errors { get; } = errors;
}
