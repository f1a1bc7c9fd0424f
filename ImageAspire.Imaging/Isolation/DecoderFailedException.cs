namespace ImageAspire.Imaging.Isolation;

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
