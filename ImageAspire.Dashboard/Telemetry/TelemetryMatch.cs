namespace ImageAspire.Dashboard.Telemetry;

/// <summary>Whether something is meant by a filter.</summary>
internal static class TelemetryMatch
{
    /// <summary>By display name, or by name for all instances; of either case, as in Aspire.</summary>
    public static bool IsNamed(this TelemetryResource resource, string? name) => name is null
        || string.Equals(resource.DisplayName, name, StringComparison.OrdinalIgnoreCase)
        || string.Equals(resource.Name, name, StringComparison.OrdinalIgnoreCase);

    public static bool Matches(this TraceSummary trace, TraceFilter filter)
    {
        if (trace.Duration < filter.MinDuration || (filter.HasError is { } hasError && trace.Errors > 0 != hasError))
            return false;
        if (filter.Resource is null)
            return true;
        foreach (var (resource, _) in trace.Spans)
        {
            if (resource.IsNamed(filter.Resource))
                return true;
        }

        return false;
    }

    /// <summary>Of one span: its own duration and its own error.</summary>
    public static bool Matches(this Span span, TraceFilter filter) =>
        span.End - span.Start >= filter.MinDuration
        && (filter.HasError is not { } hasError || span.Status == SpanStatus.Error == hasError)
        && span.Resource.IsNamed(filter.Resource)
        && (string.IsNullOrEmpty(filter.Text) || span.TraceId.Contains(filter.Text) || span.Contains(filter.Text));

    public static bool Matches(this LogRecord record, LogFilter filter) =>
        record.Severity >= filter.Severity
        && (filter.TraceId.IsEmpty || record.TraceId == filter.TraceId)
        && (filter.SpanId.IsEmpty || record.SpanId == filter.SpanId)
        && record.Resource.IsNamed(filter.Resource)
        && (string.IsNullOrEmpty(filter.Text) || record.Contains(filter.Text));

    /// <summary>Whether a text is a part of its 32 digits.</summary>
    public static bool Contains(this TraceId id, string text)
    {
        Span<char> digits = stackalloc char[32];
        return id.Value.TryFormat(digits, out _, "x32", System.Globalization.CultureInfo.InvariantCulture)
            && digits.IndexOf(text, StringComparison.OrdinalIgnoreCase);
    }

    public static bool Contains(this Span span, string text)
    {
        if (Has(span.Name, text))
            return true;
        foreach (var attribute in span.Attributes)
        {
            if (Has(attribute.Key, text) || Has(attribute.Value, text))
                return true;
        }

        return false;
    }

    private static bool Contains(this LogRecord record, string text)
    {
        if (Has(record.Body, text) || Has(record.Scope.Name, text))
            return true;
        foreach (var attribute in record.Attributes)
        {
            if (Has(attribute.Value, text))
                return true;
        }

        return false;
    }

    private static bool Has(string where, string text) => where.Contains(text, StringComparison.OrdinalIgnoreCase);

    private static bool IndexOf(this Span<char> where, string text, StringComparison comparison) =>
        ((ReadOnlySpan<char>)where).Contains(text, comparison);
}
