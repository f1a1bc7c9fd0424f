namespace ImageAspire.Dashboard.Telemetry;

/// <summary>How grave a log record is, in the words of .NET.</summary>
public enum LogSeverity : byte
{
    /// <summary>OTLP 1–4, and records that say nothing about it.</summary>
    Trace,

    /// <summary>OTLP 5–8.</summary>
    Debug,

    /// <summary>OTLP 9–12.</summary>
    Information,

    /// <summary>OTLP 13–16.</summary>
    Warning,

    /// <summary>OTLP 17–20.</summary>
    Error,

    /// <summary>OTLP 21–24.</summary>
    Critical,
}

/// <summary>One structured log record.</summary>
public sealed class LogRecord
{
    /// <summary>Number in order of arrival, growing over all resources; set by the store. Pages use it as the record's address.</summary>
    public long Sequence { get; internal set; }

    /// <summary>Who sent it.</summary>
    public required TelemetryResource Resource { get; init; }

    /// <summary>Its category.</summary>
    public required TelemetryScope Scope { get; init; }

    /// <summary>When it was written, in nanoseconds since 1970-01-01 UTC; when it was observed if that was not said.</summary>
    public long Time { get; init; }

    /// <summary>How grave it is.</summary>
    public LogSeverity Severity { get; init; }

    /// <summary>OTLP's number, 1 to 24; 0 when it was not said.</summary>
    public int SeverityNumber { get; init; }

    /// <summary>The message, cut at <see cref="TelemetryLimits.BodyLength"/>.</summary>
    public string Body { get; init; } = "";

    /// <summary>Its event name; empty for none.</summary>
    public string EventName { get; init; } = "";

    /// <summary>Its trace; empty for none.</summary>
    public TraceId TraceId { get; init; }

    /// <summary>Its span; empty for none.</summary>
    public SpanId SpanId { get; init; }

    /// <summary>Its attributes; an exception is in <c>exception.type</c>, <c>exception.message</c>, <c>exception.stacktrace</c>.</summary>
    public IReadOnlyList<TelemetryAttribute> Attributes { get; init; } = [];

    /// <summary>Estimated bytes of memory, without text that others share; 0 when nobody has estimated it.</summary>
    internal int Bytes { get; init; }
}
