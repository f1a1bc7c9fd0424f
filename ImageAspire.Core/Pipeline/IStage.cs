using ImageAspire.Core.Events;
using ImageAspire.Core.Images;

namespace ImageAspire.Core.Pipeline;

/// <summary>
/// One step on the path of an image: one job, stateless, woken by events of its own subscription, and idempotent,
/// because a message may come twice. The host gives it a time limit, retries, a span and a dead-letter queue.
/// </summary>
public interface IStage
{
    /// <summary>Its name, for spans, metrics, audit and failures: <c>InspectImage</c>.</summary>
    string Name { get; }

    /// <summary>Its subscription: <c>inspect-image</c>.</summary>
    string Subscription { get; }

    /// <summary>The event types that wake it; null for every type.</summary>
    IReadOnlyList<string>? WakesOn { get; }

    /// <summary>Does the job. When it returns, its effect is durable.</summary>
    /// <exception cref="RetryLaterException">A dependency is down or throttled: the message waits and is not to blame.</exception>
    /// <exception cref="PermanentFailureException">Trying again will not help.</exception>
    Task RunAsync(ImageEvent e, CancellationToken cancellationToken);

    /// <summary>Called once when retries are used up, before the message is dead-lettered: writes the failure where users can see it.</summary>
    Task GiveUpAsync(ImageEvent e, ImageFailure why, CancellationToken cancellationToken);
}

/// <summary>A dependency is down or throttled.</summary>
public sealed class RetryLaterException(string message, TimeSpan? delay = null, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>How long to wait; null for the usual backoff.</summary>
    public TimeSpan? Delay { get; } = delay;
}

/// <summary>A failure that no retry can mend.</summary>
public sealed class PermanentFailureException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Stable code for the record.</summary>
    public string Code { get; } = code;
}
