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
