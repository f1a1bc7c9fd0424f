namespace ImageAspire.Dashboard.Telemetry;

/// <summary>Everything that was received and is still kept.</summary>
/// <param name="limits">What is kept at most.</param>
/// <param name="time">The clock.</param>
public sealed class TelemetryStore(TelemetryLimits limits, TimeProvider time)
{
    /// <summary>The traces.</summary>
    public TraceStore Traces { get; } = new(limits);

    /// <summary>The log records.</summary>
    public LogStore Logs { get; } = new(limits);

    /// <summary>The metrics.</summary>
    public MetricStore Metrics { get; } = new(limits, time);

    /// <summary>Those who have sent anything that is still kept, by <see cref="TelemetryResource.DisplayName"/>, in order of it.</summary>
    public IReadOnlyList<TelemetryResource> Resources =>
        [.. Traces.Resources.Concat(Logs.Resources).Concat(Metrics.Resources).Distinct().OrderBy(one => one.DisplayName, StringComparer.Ordinal)];

    internal TimeProvider Time => time;

    internal TelemetryLimits Limits => limits;
}

/// <summary>What is in a store, and what went because of a limit.</summary>
/// <param name="Items">Traces, log records or series that are kept.</param>
/// <param name="Bytes">Estimate of their memory.</param>
/// <param name="Dropped">Spans, log records or points that were dropped since the start.</param>
public readonly record struct StoreState(long Items, long Bytes, long Dropped);
