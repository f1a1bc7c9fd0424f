namespace ImageAspire.Imaging.Isolation;

/// <summary>Why a decoder ended.</summary>
internal enum DecoderEndReason
{
    /// <summary>By itself, in mid-work.</summary>
    Crash,

    /// <summary>Took longer than its time limit.</summary>
    Time,

    /// <summary>Took more memory than its limit.</summary>
    Memory,

    /// <summary>Said what is not an answer.</summary>
    Nonsense,

    /// <summary>Nobody waits for its answer any more.</summary>
    Canceled,

    /// <summary>Idle, worn, or the Worker stops.</summary>
    NotNeeded,
}

/// <summary>A decoder ended before it answered.</summary>
/// <param name="end">Why.</param>
/// <param name="exitCode">Its exit code; 128 + the signal's number where a signal ended it.</param>
/// <param name="errors">The end of what it wrote on standard error, printable.</param>
/// <param name="inner">How it showed.</param>
internal sealed class DecoderFailedException(DecoderEndReason end, int exitCode, string errors, Exception inner)
    : Exception($"The decoder ended ({end}, exit code {exitCode}): {inner.Message} {errors}", inner)
{
    /// <summary>Why.</summary>
    public DecoderEndReason End { get; } = end;

    /// <summary>Its exit code.</summary>
    public int ExitCode { get; } = exitCode;

    /// <summary>The end of its standard error.</summary>
    public string Errors { get; } = errors;
}
