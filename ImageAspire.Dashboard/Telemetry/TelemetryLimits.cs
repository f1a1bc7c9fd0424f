namespace ImageAspire.Dashboard.Telemetry;

/// <summary>What is kept at most. When a limit is reached the oldest goes; what went is counted.</summary>
public sealed class TelemetryLimits
{
    /// <summary>Traces; 10,000.</summary>
    public int Traces { get; set; } = 10_000;

    /// <summary>Log records of each resource; 10,000.</summary>
    public int LogsPerResource { get; set; } = 10_000;

    /// <summary>How long points of metrics are kept, at one a second; an hour.</summary>
    public TimeSpan MetricDuration { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Series of metrics, over all instruments; 2,000. More are not kept, and counted.</summary>
    public int MetricSeries { get; set; } = 2_000;

    /// <summary>Resources, that is names with instances; 200.</summary>
    public int Resources { get; set; } = 200;

    /// <summary>Estimated bytes of all traces, of all logs and of all metrics; 64 MiB each.</summary>
    public long BytesPerStore { get; set; } = 64L << 20;

    /// <summary>Attributes of a span, an event, a link, a log record or a resource; 128. The rest is left out.</summary>
    public int AttributeCount { get; set; } = 128;

    /// <summary>Characters of an attribute's value; 8,192. The rest is cut off and marked.</summary>
    public int AttributeLength { get; set; } = 8_192;

    /// <summary>Characters of a log record's message; 65,536. The rest is cut off and marked.</summary>
    public int BodyLength { get; set; } = 65_536;

    /// <summary>Events of a span, and links of a span; 128 each. The rest is left out.</summary>
    public int SpanEventCount { get; set; } = 128;

    /// <summary>Spans of a trace; 20,000. More are not kept, and counted.</summary>
    public int SpansPerTrace { get; set; } = 20_000;

    /// <summary>Bytes of a request, after decompression; 16 MiB. Larger ones get 413.</summary>
    public int RequestBytes { get; set; } = 16 << 20;
}
