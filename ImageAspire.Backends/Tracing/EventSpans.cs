using System.Diagnostics;
using ImageAspire.Core.Diagnostics;
using ImageAspire.Core.Events;

namespace ImageAspire.Backends.Tracing;

/// <summary>
/// Producer spans (OpenTelemetry's conventions for messaging). A consumer's span is the child of the one that its event names. Without
/// <c>messaging.system</c>: Aspire's dashboard names a span that has it "MSG …" instead of by its own name.
/// </summary>
/// <param name="operation">What is done with events.</param>
internal sealed class EventSpans(string operation)
{
    public const string Publish = "publish";
    public const string Create = "create";

    /// <summary>Starts the span of an event, and gives the event its context. It is not the current one.</summary>
    /// <returns>No span and the event as it was when it belongs to no trace or nobody records it.</returns>
    public (Activity? Span, ImageEvent Event) Start(ImageEvent e)
    {
        var around = Activity.Current;
        ActivityLink[]? links = null;
        // An event may belong to the trace of its image while an operator's request, which is another trace, sends it on its way again.
        if (ActivityContext.TryParse(e.TraceParent, null, isRemote: true, out var parent) && parent.TraceId != around?.TraceId)
            links = around is null ? null : [new ActivityLink(around.Context)];
        else if (around is null)
            return (null, e);
        else
            parent = default; // the current span
        var span = Telemetry.Source.StartActivity($"{operation} {e.Type}", ActivityKind.Producer, parent, tags: null, links);
        Activity.Current = around;
        return span is null ? (null, e) : (Fill(span, e), e with { TraceParent = span.Id });
    }

    /// <summary>Ends a span that must not be told: its event was never announced.</summary>
    public static void Forget(Activity? span)
    {
        if (span is null)
            return;
        span.IsAllDataRequested = false;
        span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
    }

    private Activity Fill(Activity span, ImageEvent e) => span
        .SetTag("messaging.operation.type", operation == Publish ? "send" : "create")
        .SetTag("messaging.operation.name", operation)
        .SetTag("messaging.destination.name", ImageEventTypes.Topic)
        .SetTag("messaging.message.id", e.Id.ToString("D"))
        .SetTag(Spans.EventType, e.Type)
        .SetTag(Spans.ImageId, e.ImageId.ToString("D"));
}
