namespace ImageAspire.Dashboard.Telemetry;

/// <summary>Which log records are meant.</summary>
/// <param name="Resource">A <see cref="TelemetryResource.DisplayName"/>, or a name for all of its instances; null for all.</param>
/// <param name="Severity">The least severity.</param>
/// <param name="Text">Part of the message, the category, or of an attribute's value, of either case; null for all.</param>
/// <param name="TraceId">Its trace; empty for all.</param>
/// <param name="SpanId">Its span; empty for all.</param>
public sealed record LogFilter(string? Resource = null, LogSeverity Severity = LogSeverity.Trace, string? Text = null, TraceId TraceId = default, SpanId SpanId = default);

/// <summary>The log records.</summary>
/// <param name="limits">What is kept at most.</param>
public sealed class LogStore(TelemetryLimits limits)
{
    /// <summary>Grows with every change.</summary>
    public long Version => throw new NotImplementedException();

    /// <summary>What is kept and what went.</summary>
    public StoreState State => throw new NotImplementedException();

    internal TelemetryLimits Limits => limits;

    /// <summary>Takes records in and numbers them.</summary>
    public void Add(IReadOnlyList<LogRecord> records) => throw new NotImplementedException();

    /// <summary>Records in order of time, the latest first.</summary>
    /// <returns>A page, and how many there are in all.</returns>
    public (IReadOnlyList<LogRecord> Items, int Total) List(LogFilter filter, int skip, int take) => throw new NotImplementedException();

    /// <summary>One record by its number; null when it is not there (any more).</summary>
    public LogRecord? Find(long sequence) => throw new NotImplementedException();

    /// <summary>What is kept, and then what arrives, without a gap. A reader that is too slow loses the oldest; it is told how many.</summary>
    public IAsyncEnumerable<LogRecord> WatchAsync(LogFilter filter, CancellationToken cancellationToken) => throw new NotImplementedException();
}
