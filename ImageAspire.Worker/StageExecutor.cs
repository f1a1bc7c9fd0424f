using ImageAspire.Core.Errors;
using ImageAspire.Core.Events;
using ImageAspire.Core.Failpoints;
using ImageAspire.Core.Images;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;

namespace ImageAspire.Worker;

/// <summary>Runs messages through a stage: within its time limit, with retries, and with a recorded failure when they are used up.</summary>
internal sealed class StageExecutor(StageDefinition definition, IStage stage, WorkerOptions options, TimeProvider time, ILogger logger)
{
    // How long a cancelled stage may take to return; a host that stops may have five seconds left.
    private static readonly TimeSpan CancellationGrace = TimeSpan.FromSeconds(2);
    private readonly StageTelemetry _telemetry = new(definition, time, logger);
    private readonly StageRecoveryPolicy _recovery = new(options);

    /// <summary>Takes over work that ignores its cancellation; null in tests of other things.</summary>
    public HungStageMonitor? Hung { get; init; }

    /// <summary>Keeps what is delivered again later, and why; null in tests of other things.</summary>
    public StageRetryLog? Retries { get; init; }

    /// <param name="message">The message.</param>
    /// <param name="lockLost">Ends when another consumer may have the message.</param>
    /// <param name="shutdown">Ends when the host waits no longer.</param>
    /// <returns>How to settle the message.</returns>
    public async Task<MessageOutcome> HandleAsync(ReceivedMessage message, CancellationToken lockLost, CancellationToken shutdown)
    {
        using var execution = _telemetry.Begin(message);
        using var cancellation = new StageCancellation(definition.TimeLimit ?? options.StageTimeLimit, time, lockLost, shutdown);
        var result = await ExecuteAsync(message, execution, cancellation);
        execution.Complete(result);
        return result.Settlement;
    }

    private async Task<StageResult> ExecuteAsync(ReceivedMessage message, StageExecution execution, StageCancellation cancellation)
    {
        // Every earlier delivery ended without a settlement: the process died, most likely because of this image.
        if (message.DeliveryCount > options.Attempts)
        {
            return await FailAsync(message, execution, options.Attempts, new StageRecovery.Fail(FailureCodes.WorkerDied,
                $"The worker died {options.Attempts} times while {definition.Name} looked at this image. Check the file, then analyze it again.", new Fault(FaultCauses.ProcessDied)));
        }

        try
        {
            Failpoint.Hit(FailpointNames.StageBegun(definition.Subscription));
            await RunStageAsync(message.Event, cancellation.Token);
            Failpoint.Hit(FailpointNames.StageDone(definition.Subscription));
            return StageResult.Done;
        }
        catch (Exception error)
        {
            return await RecoverAsync(message, execution, error, _recovery.Decide(error, definition.Name, message.DeliveryCount, cancellation));
        }
    }

    // A stage that ignores its token, or blocks its thread, must not keep its slot and its message.
    private async Task RunStageAsync(ImageEvent e, CancellationToken cancellationToken)
    {
        var work = Task.Run(() => stage.ExecuteAsync(e, cancellationToken), CancellationToken.None);
        try
        {
            await work.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (!work.IsCompleted)
        {
            await Task.WhenAny(work, Task.Delay(CancellationGrace, time, CancellationToken.None));
            if (!work.IsCompleted)
            {
                Hung?.Abandon(definition.Name, e.ImageId, work);
                throw;
            }

            await work;
        }
    }

    private async Task<StageResult> RecoverAsync(ReceivedMessage message, StageExecution execution, Exception error, StageRecovery recovery)
    {
        var imageId = message.Event.ImageId;
        switch (recovery)
        {
            case StageRecovery.GiveBack:
                return new StageResult(StageOutcome.Interrupted, new MessageOutcome.RetryAfter(TimeSpan.Zero, Counted: false));
            case StageRecovery.Wait wait:
                execution.Record(error, wait.Fault);
                Retries?.Add(definition.Subscription, wait.Delay, wait.Reason);
                StageLog.Waits(logger, wait.Fault.Dependency is null ? LogLevel.Warning : LogLevel.Debug, definition.Name, imageId, wait.Fault, wait.Reason);
                return new StageResult(StageOutcome.Waiting, new MessageOutcome.RetryAfter(wait.Delay, Counted: false));
            case StageRecovery.Retry retry:
                execution.Record(error, retry.Fault, retry.Reason);
                Retries?.Add(definition.Subscription, retry.Delay, retry.Reason);
                StageLog.Retries(logger, definition.Name, imageId, message.DeliveryCount, retry.Fault, retry.Delay, error);
                return new StageResult(StageOutcome.Retry, new MessageOutcome.RetryAfter(retry.Delay));
            default:
                var fail = (StageRecovery.Fail)recovery;
                execution.Record(error, fail.Fault, fail.Reason);
                if (error is not PermanentFailureException)
                    StageLog.LastAttemptFailed(logger, definition.Name, imageId, message.DeliveryCount, fail.Fault, error);
                return await FailAsync(message, execution, message.DeliveryCount, fail);
        }
    }

    private async Task<StageResult> FailAsync(ReceivedMessage message, StageExecution execution, int attempts, StageRecovery.Fail fail)
    {
        execution.Fail(fail.Reason, fail.Fault);
        StageLog.GivesUp(logger, definition.Name, message.Event.ImageId, fail.Code, fail.Reason);
        try
        {
            // The record first: a dead letter alone would be invisible to users. Not cancelled by the time limit.
            await stage.FailAsync(message.Event,
                new ImageFailure(definition.Name, fail.Code, fail.Reason, attempts, time.GetUtcNow()).Because(fail.Fault.Cause, fail.Fault.Dependency), CancellationToken.None);
            return new StageResult(StageOutcome.Failed, new MessageOutcome.DeadLetter(fail.Code, fail.Reason));
        }
        catch (Exception error)
        {
            execution.Record(error, Fault.Of(error));
            Retries?.Add(definition.Subscription, options.BackoffCap, "The failure of an image could not be written to its record.");
            StageLog.FailureNotWritten(logger, definition.Name, message.Event.ImageId, error);
            return new StageResult(StageOutcome.Waiting, new MessageOutcome.RetryAfter(options.BackoffCap, Counted: false));
        }
    }
}
