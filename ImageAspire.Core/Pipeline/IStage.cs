using ImageAspire.Core.Errors;
using ImageAspire.Core.Events;
using ImageAspire.Core.Images;

namespace ImageAspire.Core.Pipeline;

/// <summary>
/// One step on the path of an image: one job, stateless, woken by the events of its subscription, and idempotent, because a message may
/// be delivered twice. Its entry in <see cref="StageCatalog"/> names it; the Worker gives it a time limit, retries, a span and a
/// dead-letter queue.
/// </summary>
public interface IStage
{
    /// <summary>Does the job. When it returns, its effect is durable.</summary>
    /// <exception cref="RetryLaterException">A dependency is down or throttled: the message waits, and the attempt does not count.</exception>
    /// <exception cref="PermanentFailureException">Another attempt would fail too.</exception>
    Task ExecuteAsync(ImageEvent e, CancellationToken cancellationToken);

    /// <summary>
    /// Writes the failure where users see it; called when retries are used up, before the message is dead-lettered. A stage that has no
    /// place for it leaves it to the dead letter.
    /// </summary>
    Task FailAsync(ImageEvent e, ImageFailure failure, CancellationToken cancellationToken) => Task.CompletedTask;
}
