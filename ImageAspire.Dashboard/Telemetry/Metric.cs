namespace ImageAspire.Dashboard.Telemetry;

/// <summary>What an instrument measures.</summary>
public enum InstrumentKind : byte
{
    /// <summary>A value that goes up and down.</summary>
    Gauge,

    /// <summary>A sum that only grows (<c>Counter</c>).</summary>
    Counter,

    /// <summary>A sum that also shrinks (<c>UpDownCounter</c>).</summary>
    UpDownCounter,

    /// <summary>Values counted into buckets.</summary>
    Histogram,
}

/// <summary>An instrument of a resource.</summary>
/// <param name="Resource">Who sends it.</param>
/// <param name="Meter">Its meter.</param>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it is; may be empty.</param>
/// <param name="Unit">Its unit in UCUM; may be empty.</param>
/// <param name="Kind">What it measures.</param>
public sealed record Instrument(TelemetryResource Resource, TelemetryScope Meter, string Name, string Description, string Unit, InstrumentKind Kind);

/// <summary>The values of an instrument for one set of attributes ("dimension").</summary>
/// <param name="Attributes">The set, in order of key; empty for the whole.</param>
/// <param name="Points">Its points in order of time, at most one a second.</param>
/// <param name="Exemplars">Measurements with a trace, newest last.</param>
public sealed record MetricSeries(IReadOnlyList<TelemetryAttribute> Attributes, IReadOnlyList<MetricPoint> Points, IReadOnlyList<Exemplar> Exemplars);

/// <summary>An instrument's state at a moment.</summary>
/// <param name="Time">Nanoseconds since 1970-01-01 UTC.</param>
/// <param name="Value">Gauge: the value. Sums: the total since the start of the process. Histogram: the sum of what was measured.</param>
/// <param name="Count">Histogram: how many were measured since the start of the process; else 0.</param>
/// <param name="Buckets">Histogram: how many fell into each bucket since the start of the process; null else.</param>
/// <param name="Bounds">Histogram: upper bounds of the buckets, one fewer than <paramref name="Buckets"/>; null else.</param>
/// <param name="Since">
/// Since when sums and counts are added up, in nanoseconds since 1970-01-01 UTC. Known of the first point of a series only, where it takes
/// the place of the point before; 0 else.
/// </param>
public sealed record MetricPoint(long Time, double Value, long Count = 0, long[]? Buckets = null, double[]? Bounds = null, long Since = 0);

/// <summary>One measurement, with the trace that it was made in.</summary>
/// <param name="Time">Nanoseconds since 1970-01-01 UTC.</param>
/// <param name="Value">What was measured.</param>
/// <param name="TraceId">The trace.</param>
/// <param name="SpanId">The span.</param>
public sealed record Exemplar(long Time, double Value, TraceId TraceId, SpanId SpanId);
