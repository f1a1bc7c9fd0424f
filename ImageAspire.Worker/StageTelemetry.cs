using System.Diagnostics;
using ImageAspire.Core.Diagnostics;
using ImageAspire.Core.Errors;
using ImageAspire.Core.Events;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;

namespace ImageAspire.Worker;

/// <summary>Span, metrics and log scope of a stage's executions.</summary>
internal sealed class StageTelemetry(StageDefinition stage, TimeProvider time, ILogger logger)
{
    /// <summary>Starts the span of a message, in its image's trace. Dispose the result at the end.</summary>
    public StageExecution Begin(ReceivedMessage message) =>
        new(stage, message, StartSpan(message), logger.BeginScope(new KeyValuePair<string, object?>[] { new(Spans.ImageId, message.Event.ImageId) }), time, logger);

    // OpenTelemetry's conventions for messaging, consumer spans of "process". Without "messaging.system": Aspire's dashboard names a span that
    // has it "MSG …" instead of by its own name, and a trace must read as its stages.
    private Activity? StartSpan(ReceivedMessage message)
    {
        _ = ActivityContext.TryParse(message.Event.TraceParent, null, isRemote: true, out var parent);
        var span = Telemetry.Source.StartActivity(stage.Name, ActivityKind.Consumer, parent) ?? StartUnlistened(message.Event.TraceParent);
        span?.SetTag("messaging.operation.type", "process");
        span?.SetTag("messaging.operation.name", "process");
        span?.SetTag("messaging.destination.name", ImageEventTypes.Topic);
        span?.SetTag("messaging.destination.subscription.name", stage.Subscription);
        span?.SetTag("messaging.message.id", message.Event.Id.ToString("D"));
        span?.SetTag(Spans.EventType, message.Event.Type);
        span?.SetTag(Spans.DeliveryCount, message.DeliveryCount);
        return span.About(message.Event.ImageId);
    }

    // Without an exporter the trace context still propagates, so that a later exporter or another process finds the trace complete.
    private Activity? StartUnlistened(string? parent) => parent is null ? null : new Activity(stage.Name).SetParentId(parent).Start();
}

/// <summary>The telemetry of one message in a stage.</summary>
internal sealed class StageExecution(StageDefinition stage, ReceivedMessage message, Activity? span, IDisposable? scope, TimeProvider time, ILogger logger) : IDisposable
{
    private readonly long _began = time.GetTimestamp();
    private Fault? _fault;

    /// <summary>Puts an exception on the span, with the cause of the failed attempt.</summary>
    public void Record(Exception error, Fault fault, string? reason = null)
    {
        span.Fail(error, reason);
        Because(fault);
    }

    /// <summary>Marks the span as failed for a reason that is not an exception's.</summary>
    public void Fail(string reason, Fault fault)
    {
        span?.SetStatus(ActivityStatusCode.Error, reason);
        Because(fault);
    }

    /// <summary>Records duration and outcome.</summary>
    public void Complete(StageResult result)
    {
        var (outcome, duration) = (result.Outcome.ToMetricValue(), time.GetElapsedTime(_began));
        span?.SetTag(Spans.Outcome, outcome);
        Telemetry.StageDuration.Record(duration.TotalSeconds, new("stage", stage.Name), new("outcome", outcome));
        if (_fault is not null)
            CountFault(_fault);
        if (result.Settlement is MessageOutcome.DeadLetter dead)
            Telemetry.DeadLetters.Add(1, new("stage", stage.Name), new("reason", dead.Reason));
        if (result.Outcome != StageOutcome.Done)
            return;
        var level = stage.Reprocessing is null ? LogLevel.Debug : LogLevel.Information;
        StageLog.Done(logger, level, stage.Name, message.Event.ImageId, duration.TotalMilliseconds, span?.TraceId);
        if (message.Event.Type == ImageEventTypes.Inspected && stage == StageCatalog.AnalyzeImage)
            Telemetry.TimeToAnalyzed.Record((time.GetUtcNow() - message.Event.Data.UploadedAt).TotalSeconds);
    }

    private void Because(Fault fault)
    {
        _fault = fault;
        span.Because(fault);
    }

    private void CountFault(Fault fault)
    {
        var tags = new TagList { { "stage", stage.Name }, { "cause", fault.Cause } };
        if (fault.Dependency is not null)
            tags.Add("dependency", fault.Dependency);
        Telemetry.StageFaults.Add(1, tags);
    }

    public void Dispose()
    {
        scope?.Dispose();
        span?.Dispose();
    }
}
