namespace ImageAspire.Dashboard.Telemetry;

/// <summary>Which traces are meant.</summary>
/// <param name="Resource">A <see cref="TelemetryResource.DisplayName"/>, or a name for all of its instances; null for all.</param>
/// <param name="HasError">True for those with an error, false for those without; null for both.</param>
/// <param name="Text">Part of a span's name, or of an attribute's key or value, of either case; or a trace's id. Null for all.</param>
/// <param name="MinDuration">The least duration, in nanoseconds.</param>
public sealed record TraceFilter(string? Resource = null, bool? HasError = null, string? Text = null, long MinDuration = 0);

/// <summary>The traces, newest arrival last to go.</summary>
/// <param name="limits">What is kept at most.</param>
public sealed class TraceStore(TelemetryLimits limits)
{
    /// <summary>Grows with every change.</summary>
    public long Version => throw new NotImplementedException();

    /// <summary>What is kept and what went.</summary>
    public StoreState State => throw new NotImplementedException();

    internal TelemetryLimits Limits => limits;

    /// <summary>Takes spans in, of any traces, in any order.</summary>
    public void Add(IReadOnlyList<Span> spans) => throw new NotImplementedException();

    /// <summary>Traces in order of start, the latest first.</summary>
    /// <returns>A page, and how many there are in all.</returns>
    public (IReadOnlyList<TraceSummary> Items, int Total) List(TraceFilter filter, int skip, int take) => throw new NotImplementedException();

    /// <summary>One trace with its spans; null when it is not there (any more).</summary>
    public Trace? Find(TraceId id) => throw new NotImplementedException();

    /// <summary>What is kept, and then what arrives, without a gap. A reader that is too slow loses the oldest; it is told how many.</summary>
    public IAsyncEnumerable<Span> WatchAsync(TraceFilter filter, CancellationToken cancellationToken) => throw new NotImplementedException();
}
