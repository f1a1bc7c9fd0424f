using ImageAspire.Core.Errors;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Ports;

namespace ImageAspire.Worker;

/// <summary>What follows an exception of a stage.</summary>
internal abstract record StageRecovery
{
    /// <summary>The message goes back at once, uncounted.</summary>
    public sealed record GiveBack : StageRecovery;

    /// <summary>The message waits, uncounted: a dependency is unavailable and the image is not the cause.</summary>
    public sealed record Wait(TimeSpan Delay, string Reason, Fault Fault) : StageRecovery;

    /// <summary>The next attempt follows after a backoff.</summary>
    public sealed record Retry(TimeSpan Delay, string Reason, Fault Fault) : StageRecovery;

    /// <summary>The stage fails for this image.</summary>
    /// <param name="Code">One of <see cref="FailureCodes"/>, or the code of a service.</param>
    /// <param name="Reason">For people.</param>
    /// <param name="Fault">Why the last attempt failed.</param>
    public sealed record Fail(string Code, string Reason, Fault Fault) : StageRecovery;
}

/// <summary>Decides what follows an exception of a stage.</summary>
internal sealed class StageRecoveryPolicy(WorkerOptions options)
{
    // Of an outage: near the maximum, whatever the delivery count.
    private const int OutageAttempt = 6;

    /// <summary>Exponential with full jitter, so that messages that failed together do not return together.</summary>
    /// <param name="attempt">The attempt that failed, from 1.</param>
    public TimeSpan Backoff(int attempt)
    {
        var max = Math.Min(options.BackoffBase.TotalMilliseconds * Math.Pow(2, Math.Min(attempt - 1, 30)), options.BackoffCap.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(Random.Shared.NextDouble() * max);
    }

    /// <param name="error">What the stage threw.</param>
    /// <param name="stage">Its name.</param>
    /// <param name="delivery">The delivery count of the message.</param>
    /// <param name="cancellation">Tells a time limit from an interruption.</param>
    public StageRecovery Decide(Exception error, string stage, int delivery, StageCancellation cancellation) => error switch
    {
        RetryLaterException later => new StageRecovery.Wait(later.Delay ?? Backoff(Math.Min(delivery + 2, OutageAttempt)), later.Message, Fault.Of(error)),
        // A store or the topic is unavailable: then the failure could not be written to the record either.
        StoreUnavailableException => new StageRecovery.Wait(Backoff(OutageAttempt), error.Message, Fault.Of(error)),
        PermanentFailureException permanent => new StageRecovery.Fail(permanent.Code, permanent.Message, permanent.Fault ?? FailureFaults.OfCode(permanent.Code)),
        OperationCanceledException when cancellation.IsInterrupted => new StageRecovery.GiveBack(),
        OperationCanceledException when cancellation.IsTimeLimitExceeded =>
            RetryOrFail(delivery, FailureCodes.TimeLimit, $"{stage} took longer than its limit of {cancellation.TimeLimit}.", new Fault(FaultCauses.TimeLimit)),
        AnalyzerFailedException => RetryOrFail(delivery, FailureCodes.AnalyzerFailed, error.Message, Fault.Of(error)),
        _ => RetryOrFail(delivery, FailureCodes.Unexpected, $"{stage} failed: {error.GetType().Name}: {error.Message}", Fault.Of(error)),
    };

    private StageRecovery RetryOrFail(int delivery, string code, string reason, Fault fault) =>
        delivery >= options.Attempts ? new StageRecovery.Fail(code, reason, fault) : new StageRecovery.Retry(Backoff(delivery), reason, fault);
}
