using ImageAspire.Dashboard.Telemetry;

namespace ImageAspire.Dashboard.Components.Traces;

/// <summary>What sort of work a span is, told by its attributes and its kind (OpenTelemetry's semantic conventions).</summary>
internal static class SpanIcon
{
    /// <summary>Name of a <see cref="Shared.Icon"/>, and what it means.</summary>
    public static (string Icon, string Title) Of(Span span)
    {
        if (Has(span, "db.system.name") || Has(span, "db.system"))
            return ("database", "Database");
        if (Has(span, "messaging.system"))
            return span.Kind == SpanKind.Consumer ? ("inbox", "Message received") : ("outbox", "Message sent");
        if (Has(span, "http.request.method") || Has(span, "http.method"))
            return span.Kind == SpanKind.Server ? ("server", "HTTP request answered") : ("globe", "HTTP request made");
        if (Has(span, "rpc.system"))
            return ("call", "Remote call");
        return span.Kind switch
        {
            SpanKind.Server => ("server", "Request answered"),
            SpanKind.Client => ("call", "Request made"),
            SpanKind.Producer => ("outbox", "Message sent"),
            SpanKind.Consumer => ("inbox", "Message received"),
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
