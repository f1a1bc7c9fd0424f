namespace ImageAspire.Dashboard.Telemetry;

/// <summary>Estimates of memory, for 64-bit processes: headers of 16 bytes, references of 8, characters of 2.</summary>
internal static class TelemetrySize
{
    public const int Span = 168;
    public const int SpanEvent = 48;
    public const int SpanLink = 56;
    public const int LogRecord = 128;
    private const int Array = 24;
    private const int Attribute = 24;

    public static int OfAttributes(int count) => count == 0 ? 0 : Array + (count * Attribute);

    public static int OfReferences(int count) => count == 0 ? 0 : Array + (count * 8);

    public static int OfText(int length) => length == 0 ? 0 : 24 + (length * 2);

    /// <summary>Of a span, as if it shared no text with others.</summary>
    public static int Of(Span span)
    {
        var size = Span + OfText(span.Name.Length) + OfText(span.StatusMessage.Length) + OfText(span.TraceState.Length) + Of(span.Attributes);
        foreach (var one in span.Events)
            size += SpanEvent + OfText(one.Name.Length) + Of(one.Attributes);
        foreach (var link in span.Links)
            size += SpanLink + Of(link.Attributes);
        return size + OfReferences(span.Events.Count) + OfReferences(span.Links.Count);
    }

    /// <summary>Of a log record, as if it shared no text with others.</summary>
    public static int Of(LogRecord record) =>
        LogRecord + OfText(record.Body.Length) + OfText(record.EventName.Length) + Of(record.Attributes);

    public static int Of(IReadOnlyList<TelemetryAttribute> attributes)
    {
        var size = OfAttributes(attributes.Count);
        foreach (var attribute in attributes)
            size += OfText(attribute.Value.Length);
        return size;
    }
}
