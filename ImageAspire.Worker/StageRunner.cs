using System.Diagnostics;
using ImageAspire.Core.Diagnostics;
using ImageAspire.Core.Errors;
using ImageAspire.Core.Events;
using ImageAspire.Core.Failpoints;
using ImageAspire.Core.Images;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;

namespace ImageAspire.Worker;

/// <summary>What every stage gets from its host: a span in the image's trace, a time limit, retries with backoff, and an end when they are used up.</summary>
/// <param name="definition">Its name, subscription and limits.</param>
/// <param name="stage">The stage.</param>
/// <param name="options">Limits.</param>
/// <param name="time">Clock.</param>
/// <param name="logger">Log.</param>
public sealed partial class StageRunner(StageDefinition definition, IStage stage, WorkerOptions options, TimeProvider time, ILogger logger)
{
    // How long what was told to end may take to do so; the process may have five seconds left.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private TimeSpan TimeLimit => definition.TimeLimit ?? options.StageTimeLimit;

    /// <summary>Where work goes that does not end although it was told to; null in tests of other things.</summary>
    public HungStages? Hung { get; init; }

    /// <summary>Runs the stage on one message and says what becomes of the message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="lockLost">Ends when somebody else has the message.</param>
    /// <param name="shutdown">Ends when the host will wait no longer.</param>
    public async Task<MessageOutcome> HandleAsync(ReceivedMessage message, CancellationToken lockLost, CancellationToken shutdown)
    {
        var began = time.GetTimestamp();
        using var span = StartSpan(message);
        using var scope = logger.BeginScope(new KeyValuePair<string, object?>[] { new(Spans.ImageId, message.Event.ImageId) });
        var (outcome, result) = await DecideAsync(message, span, lockLost, shutdown);
        span?.SetTag(Spans.Outcome, result);
        var seconds = time.GetElapsedTime(began).TotalSeconds;
        Telemetry.StageDuration.Record(seconds, new("stage", definition.Name), new("outcome", result));
        if (result == "done")
            LogDone(logger, definition.Name, message.Event.ImageId, seconds * 1000, span?.TraceId.ToString());
        if (outcome is MessageOutcome.DeadLetter dead)
            Telemetry.DeadLetters.Add(1, new("stage", definition.Name), new("reason", dead.Reason));
        return outcome;
    }

    /// <summary>Wait before the next attempt: exponential, with full jitter, so that what failed together does not come back together.</summary>
    /// <param name="attempt">The attempt that failed, from 1.</param>
    public TimeSpan Backoff(int attempt)
    {
        var most = Math.Min(options.BackoffBase.TotalMilliseconds * Math.Pow(2, Math.Min(attempt - 1, 30)), options.BackoffCap.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(Random.Shared.NextDouble() * most);
    }

    private async Task<(MessageOutcome Outcome, string Result)> DecideAsync(
        ReceivedMessage message, Activity? span, CancellationToken lockLost, CancellationToken shutdown)
    {
        // Every attempt before this one ended without an answer: the process died, most likely of this very image.
        if (message.DeliveryCount > options.Attempts)
        {
            return await FailAsync(message, span, FailureCodes.WorkerDied, options.Attempts,
                $"The worker died {options.Attempts} times while {definition.Name} looked at this image. Check the file, then analyze it again.");
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(lockLost, shutdown);
        limit.CancelAfter(TimeLimit);
        try
        {
            Failpoint.Hit(FailpointNames.StageBegun(definition.Subscription));
            await RunAsync(message.Event, limit.Token);
            Failpoint.Hit(FailpointNames.StageDone(definition.Subscription));
            if (message.Event.Type == ImageEventTypes.Inspected && definition == StageCatalog.AnalyzeImage)
                Telemetry.TimeToAnalyzed.Record((time.GetUtcNow() - message.Event.Data.UploadedAt).TotalSeconds);
            return (MessageOutcome.Completed, "done");
        }
        catch (RetryLaterException error)
        {
            span.Fail(error);
            LogLater(logger, definition.Name, message.Event.ImageId, error.Message);
            return (new MessageOutcome.RetryAfter(error.Delay ?? Backoff(Math.Min(message.DeliveryCount + 2, 6)), Counted: false), "waiting");
        }
        catch (StoreUnavailableException error)
        {
            // A store or the topic is away: the image is not to blame, and there is no record to write that on either.
            span.Fail(error);
            LogLater(logger, definition.Name, message.Event.ImageId, error.Message);
            return (new MessageOutcome.RetryAfter(Backoff(6), Counted: false), "waiting");
        }
        catch (PermanentFailureException error)
        {
            span.Fail(error);
            return await FailAsync(message, span, error.Code, message.DeliveryCount, error.Message);
        }
        catch (OperationCanceledException) when (shutdown.IsCancellationRequested || lockLost.IsCancellationRequested)
        {
            return (new MessageOutcome.RetryAfter(TimeSpan.Zero, Counted: false), "interrupted");
        }
        catch (Exception error)
        {
            return await RetryAsync(message, span, error, limit.IsCancellationRequested && error is OperationCanceledException);
        }
    }

    // A stage that does not look at its token, or blocks its thread, must not hold its place, and the message, for ever.
    private async Task RunAsync(ImageEvent e, CancellationToken limit)
    {
        var work = Task.Run(() => stage.ExecuteAsync(e, limit), CancellationToken.None);
        try
        {
            await work.WaitAsync(limit);
        }
        catch (OperationCanceledException) when (!work.IsCompleted)
        {
            await Task.WhenAny(work, Task.Delay(Grace, time, CancellationToken.None));
            if (!work.IsCompleted)
            {
                Hung?.Add(definition.Name, e.ImageId, work);
                throw;
            }

            await work;
        }
    }

    private async Task<(MessageOutcome Outcome, string Result)> RetryAsync(ReceivedMessage message, Activity? span, Exception error, bool outOfTime)
    {
        var (code, text) = outOfTime
            ? (FailureCodes.TimeLimit, $"{definition.Name} took longer than its limit of {TimeLimit}.")
            : (FailureCodes.Unexpected, $"{definition.Name} failed: {error.GetType().Name}: {error.Message}");
        span.Fail(error, text);
        if (message.DeliveryCount >= options.Attempts)
        {
            LogFailed(logger, definition.Name, message.Event.ImageId, message.DeliveryCount, error);
            return await FailAsync(message, span, code, message.DeliveryCount, text);
        }

        var delay = Backoff(message.DeliveryCount);
        LogRetry(logger, definition.Name, message.Event.ImageId, message.DeliveryCount, delay, error);
        return (new MessageOutcome.RetryAfter(delay), "retry");
    }

    private async Task<(MessageOutcome Outcome, string Result)> FailAsync(
        ReceivedMessage message, Activity? span, string code, int attempts, string text)
    {
        span?.SetStatus(ActivityStatusCode.Error, text);
        LogGivenUp(logger, definition.Name, message.Event.ImageId, code, text);
        try
        {
            // The record first: a dead letter that no user can see would be a silent loss. Not cancelled by the time limit.
            await stage.FailAsync(message.Event, new ImageFailure(definition.Name, code, text, attempts, time.GetUtcNow()), CancellationToken.None);
            return (new MessageOutcome.DeadLetter(code, text), "failed");
        }
        catch (Exception error)
        {
            span.Fail(error);
            LogNotWritten(logger, definition.Name, message.Event.ImageId, error);
            return (new MessageOutcome.RetryAfter(options.BackoffCap, Counted: false), "waiting");
        }
    }

    // OpenTelemetry's conventions for messaging, consumer spans of "process". Without "messaging.system": Aspire's dashboard names a span that
    // has it "MSG …" instead of by its own name, and a trace must read as its stages.
    private Activity? StartSpan(ReceivedMessage message)
    {
        ActivityContext.TryParse(message.Event.TraceParent, null, isRemote: true, out var parent);
        var span = Telemetry.Source.StartActivity(definition.Name, ActivityKind.Consumer, parent) ?? StartUnlistened(message.Event.TraceParent);
        span?.SetTag("messaging.operation.type", "process");
        span?.SetTag("messaging.operation.name", "process");
        span?.SetTag("messaging.destination.name", ImageEventTypes.Topic);
        span?.SetTag("messaging.destination.subscription.name", definition.Subscription);
        span?.SetTag("messaging.message.id", message.Event.Id.ToString("D"));
        span?.SetTag(Spans.EventType, message.Event.Type);
        span?.SetTag(Spans.DeliveryCount, message.DeliveryCount);
        return span.About(message.Event.ImageId);
    }

    // Nobody exports traces; the trace context still travels on, so that a later exporter or another process finds it whole.
    private Activity? StartUnlistened(string? parent) => parent is null ? null : new Activity(definition.Name).SetParentId(parent).Start();

    [LoggerMessage(LogLevel.Information, "{Stage} is done with image {ImageId} in {Milliseconds:0.0} ms (trace {TraceId}).")]
    private static partial void LogDone(ILogger logger, string stage, Guid imageId, double milliseconds, string? traceId);

    [LoggerMessage(LogLevel.Warning, "{Stage}: image {ImageId} waits: {Reason}")]
    private static partial void LogLater(ILogger logger, string stage, Guid imageId, string reason);

    [LoggerMessage(LogLevel.Warning, "{Stage}: attempt {Attempt} for image {ImageId} failed; the next one in {Delay}.")]
    private static partial void LogRetry(ILogger logger, string stage, Guid imageId, int attempt, TimeSpan delay, Exception error);

    [LoggerMessage(LogLevel.Error, "{Stage}: attempt {Attempt} for image {ImageId} failed; it was the last one.")]
    private static partial void LogFailed(ILogger logger, string stage, Guid imageId, int attempt, Exception error);

    [LoggerMessage(LogLevel.Error, "{Stage} gives up image {ImageId} ({Code}): {Reason}")]
    private static partial void LogGivenUp(ILogger logger, string stage, Guid imageId, string code, string reason);

    [LoggerMessage(LogLevel.Error, "{Stage}: the failure of image {ImageId} could not be written on its record; trying again later.")]
    private static partial void LogNotWritten(ILogger logger, string stage, Guid imageId, Exception error);
}
