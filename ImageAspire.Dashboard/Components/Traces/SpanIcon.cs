using ImageAspire.Dashboard.Telemetry;

namespace ImageAspire.Dashboard.Components.Traces;

/// <summary>What sort of work a span is, told by its attributes and its kind (OpenTelemetry's semantic conventions).</summary>
internal static class SpanIcon
{
    /// <summary>The symbol's name in the icon font, and what it means.</summary>
    public static (string Icon, string Title) Of(Span span)
    {
        if (Has(span, "db.system.name") || Has(span, "db.system"))
            return ("database", "Database");
        if (Has(span, "messaging.system"))
            return span.Kind == SpanKind.Consumer ? ("move_to_inbox", "Message received") : ("outbox", "Message sent");
        if (Has(span, "http.request.method") || Has(span, "http.method"))
            return span.Kind == SpanKind.Server ? ("dns", "HTTP request answered") : ("public", "HTTP request made");
        if (Has(span, "rpc.system"))
            return ("swap_horiz", "Remote call");
        return span.Kind switch
        {
            SpanKind.Server => ("dns", "Request answered"),
            SpanKind.Client => ("call_made", "Request made"),
            SpanKind.Producer => ("outbox", "Message sent"),
            SpanKind.Consumer => ("move_to_inbox", "Message received"),
            _ => ("", ""),
        };
    }

    private static bool Has(Span span, string key)
    {
        foreach (var attribute in span.Attributes)
        {
            if (attribute.Key == key)
                return true;
        }

        return false;
    }
}
