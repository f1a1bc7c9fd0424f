namespace ImageAspire.Dashboard.Telemetry;

/// <summary>The metrics. Deltas are added up: what is kept is cumulative.</summary>
/// <param name="limits">What is kept at most.</param>
/// <param name="time">The clock.</param>
public sealed class MetricStore(TelemetryLimits limits, TimeProvider time)
{
    /// <summary>Grows with every change.</summary>
    public long Version => throw new NotImplementedException();

    /// <summary>What is kept and what went.</summary>
    public StoreState State => throw new NotImplementedException();

    internal TelemetryLimits Limits => limits;

    internal TimeProvider Time => time;

    /// <summary>Takes a point in.</summary>
    public void Add(Instrument instrument, IReadOnlyList<TelemetryAttribute> attributes, MetricPoint point, bool isDelta, IReadOnlyList<Exemplar> exemplars) => throw new NotImplementedException();

    /// <summary>The instruments of a resource, in order of meter and name.</summary>
    /// <param name="resource">A <see cref="TelemetryResource.DisplayName"/>; null for all.</param>
    public IReadOnlyList<Instrument> Instruments(string? resource) => throw new NotImplementedException();

    /// <summary>The series of an instrument, from a time on; null when there is no such instrument.</summary>
    /// <param name="resource">A <see cref="TelemetryResource.DisplayName"/>.</param>
    /// <param name="meter">Name of its meter.</param>
    /// <param name="instrument">Its name.</param>
    /// <param name="from">The earliest time, in nanoseconds since 1970-01-01 UTC.</param>
    public (Instrument Instrument, IReadOnlyList<MetricSeries> Series)? Find(string resource, string meter, string instrument, long from) => throw new NotImplementedException();
}
