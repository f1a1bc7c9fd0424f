namespace ImageAspire.Core.Errors;

/// <summary>A dependency is down or throttled; the same call may succeed later.</summary>
/// <param name="message">What is wrong, for people.</param>
/// <param name="delay">How long to wait; null for the caller's own backoff.</param>
/// <param name="inner">The dependency's error.</param>
public sealed class RetryLaterException(string message, TimeSpan? delay = null, Exception? inner = null) : Exception(message, inner), IFaultSource
{
    /// <summary>How long to wait; null for the caller's own backoff.</summary>
    public TimeSpan? Delay { get; } = delay;

    /// <inheritdoc />
    public Fault? Fault { get; init; }
}
