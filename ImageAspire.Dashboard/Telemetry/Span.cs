namespace ImageAspire.Dashboard.Telemetry;

/// <summary>Kind of a span; the numbers are OTLP's.</summary>
public enum SpanKind : byte
{
    /// <summary>Not said.</summary>
    Unspecified,

    /// <summary>Work inside a process.</summary>
    Internal,

    /// <summary>A request that was answered.</summary>
    Server,

    /// <summary>A request that was made.</summary>
    Client,

    /// <summary>A message that was sent.</summary>
    Producer,

    /// <summary>A message that was handled.</summary>
    Consumer,
}

/// <summary>How a span ended; the numbers are OTLP's.</summary>
public enum SpanStatus : byte
{
    /// <summary>Not said.</summary>
    Unset,

    /// <summary>Well.</summary>
    Ok,

    /// <summary>In an error.</summary>
    Error,
}

/// <summary>One piece of work within a trace. Times are nanoseconds since 1970-01-01 UTC.</summary>
public sealed class Span
{
    /// <summary>Its trace.</summary>
    public required TraceId TraceId { get; init; }

    /// <summary>Its identity.</summary>
    public required SpanId SpanId { get; init; }

    /// <summary>What it is part of; empty for the first of a trace. It may arrive later, or never.</summary>
    public SpanId ParentId { get; init; }

    /// <summary>Who sent it.</summary>
    public required TelemetryResource Resource { get; init; }

    /// <summary>Which library wrote it.</summary>
    public required TelemetryScope Scope { get; init; }

    /// <summary>What was done.</summary>
    public required string Name { get; init; }

    /// <summary>Its kind.</summary>
    public SpanKind Kind { get; init; }

    /// <summary>When it began.</summary>
    public long Start { get; init; }

    /// <summary>When it ended; never before <see cref="Start"/>.</summary>
    public long End { get; init; }

    /// <summary>How it ended.</summary>
    public SpanStatus Status { get; init; }

    /// <summary>What was said about the status; empty for nothing.</summary>
    public string StatusMessage { get; init; } = "";

    /// <summary>The W3C trace state; empty for none.</summary>
    public string TraceState { get; init; } = "";

    /// <summary>Its attributes.</summary>
    public IReadOnlyList<TelemetryAttribute> Attributes { get; init; } = [];

    /// <summary>What happened meanwhile, in order of time.</summary>
    public IReadOnlyList<SpanEvent> Events { get; init; } = [];

    /// <summary>Other spans that it has to do with.</summary>
    public IReadOnlyList<SpanLink> Links { get; init; } = [];

    /// <summary>Estimated bytes of memory, without text that others share; 0 when nobody has estimated it.</summary>
    internal int Bytes { get; init; }
}

/// <summary>Something that happened within a span.</summary>
/// <param name="Time">Nanoseconds since 1970-01-01 UTC.</param>
/// <param name="Name">What.</param>
/// <param name="Attributes">More about it.</param>
public sealed record SpanEvent(long Time, string Name, IReadOnlyList<TelemetryAttribute> Attributes);

/// <summary>Another span, of this trace or of another.</summary>
/// <param name="TraceId">Its trace.</param>
/// <param name="SpanId">The span.</param>
/// <param name="Attributes">What it has to do with it.</param>
public sealed record SpanLink(TraceId TraceId, SpanId SpanId, IReadOnlyList<TelemetryAttribute> Attributes);

/// <summary>A trace at one moment: more of it may arrive.</summary>
/// <param name="Id">Its identity.</param>
/// <param name="Spans">What has arrived, in order of <see cref="Span.Start"/>.</param>
public sealed record Trace(TraceId Id, IReadOnlyList<Span> Spans);

/// <summary>A trace in a list.</summary>
/// <param name="Id">Its identity.</param>
/// <param name="Root">Its first span: the one without a parent, else the earliest.</param>
/// <param name="Start">The earliest start, in nanoseconds since 1970-01-01 UTC.</param>
/// <param name="Duration">From the earliest start to the latest end, in nanoseconds.</param>
/// <param name="Spans">How many spans each resource has in it, the one that began first comes first.</param>
/// <param name="Errors">How many spans ended in an error.</param>
public sealed record TraceSummary(TraceId Id, Span Root, long Start, long Duration, IReadOnlyList<(TelemetryResource Resource, int Count)> Spans, int Errors);
