using System.Diagnostics;
using ImageAspire.Core.Diagnostics;
using ImageAspire.Core.Events;

namespace ImageAspire.Backends.Tracing;

/// <summary>
/// Producer spans (OpenTelemetry's messaging conventions). A consumer's span is a child of the span in its event. Without
/// <c>messaging.system</c>: Aspire's dashboard names a span that has it "MSG …" instead of by its own name.
/// </summary>
/// <param name="operation">The operation on events.</param>
internal sealed class EventSpans(string operation)
{
    public const string Publish = "publish";
    public const string Create = "create";

    /// <summary>Starts the span of an event, and sets its context on the event. It does not become the current span.</summary>
    /// <returns>No span and the unchanged event, when it belongs to no trace or is not recorded.</returns>
    public (Activity? Span, ImageEvent Event) Start(ImageEvent e)
    {
        var around = Activity.Current;
        ActivityLink[]? links = null;
        // An event may belong to the trace of its image while an operator's request, in another trace, publishes it again.
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

    /// <summary>Drops a span whose event was not published.</summary>
    public static void Drop(Activity? span)
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
