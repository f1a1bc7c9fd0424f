namespace ImageAspire.Dashboard.Telemetry;

/// <summary>Which traces are meant.</summary>
/// <param name="Resource">A <see cref="TelemetryResource.DisplayName"/>, or a name for all of its instances; null for all.</param>
/// <param name="HasError">True for those with an error, false for those without; null for both.</param>
/// <param name="Text">Part of a span's name, or of an attribute's key or value, of either case; or of a trace's id. Null for all.</param>
/// <param name="MinDuration">The least duration, in nanoseconds.</param>
public sealed record TraceFilter(string? Resource = null, bool? HasError = null, string? Text = null, long MinDuration = 0);

/// <summary>The traces. The one that got its last span longest ago goes first.</summary>
/// <param name="limits">What is kept at most.</param>
public sealed class TraceStore(TelemetryLimits limits) : ITelemetrySource<Span>
{
    // Readers get a turn within a large batch.
    private const int SpansPerTurn = 1_024;

    private readonly Lock _lock = new();
    private readonly Dictionary<TraceId, TraceEntry> _traces = [];
    private readonly LinkedList<TraceEntry> _byArrival = new();
    private readonly ResourceCounts _resources = new();
    private readonly Watchers<Span> _watchers = new();
    private long _version;
    private long _bytes;
    private long _dropped;
    private long _serial;

    /// <summary>Grows with every change.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>What is kept and what went.</summary>
    public StoreState State
    {
        get
        {
            lock (_lock)
                return new StoreState(_traces.Count, _bytes, _dropped);
        }
    }

    internal TelemetryLimits Limits => limits;

    internal IReadOnlyList<TelemetryResource> Resources
    {
        get
        {
            lock (_lock)
                return _resources.Resources();
        }
    }

    /// <summary>Takes spans in, of any traces, in any order. One that is there already is left as it is.</summary>
    /// <returns>How many were not taken because their trace is too large.</returns>
    public int Add(IReadOnlyList<Span> spans)
    {
        ArgumentNullException.ThrowIfNull(spans);
        var refused = 0;
        for (var from = 0; from < spans.Count; from += SpansPerTurn)
        {
            lock (_lock)
            {
                TraceEntry? entry = null;
                for (var i = from; i < Math.Min(spans.Count, from + SpansPerTurn); i++)
                {
                    if (entry is null || entry.Id != spans[i].TraceId)
                        entry = Touch(spans[i].TraceId);
                    if (!TryAdd(entry, spans[i]))
                        refused++;
                }

                Trim();
                Interlocked.Increment(ref _version);
            }
        }

        return refused;
    }

    /// <summary>Traces in order of start, the latest first.</summary>
    /// <returns>A page, and how many there are in all.</returns>
    public (IReadOnlyList<TraceSummary> Items, int Total) List(TraceFilter filter, int skip, int take)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var found = new List<TraceSummary>();
        foreach (var trace in Capture())
        {
            if (trace.Summary.Matches(filter) && (string.IsNullOrEmpty(filter.Text) || Contains(trace, filter.Text)))
                found.Add(trace.Summary);
        }

        found.Sort((a, b) => a.Start != b.Start ? b.Start.CompareTo(a.Start) : b.Id.Value.CompareTo(a.Id.Value));
        return ([.. found.Skip(skip).Take(take)], found.Count);
    }

    /// <summary>One trace with its spans; null when it is not there (any more).</summary>
    public Trace? Find(TraceId id)
    {
        Span[] spans;
        int count;
        lock (_lock)
        {
            if (!_traces.TryGetValue(id, out var entry))
                return null;
            (spans, count) = (entry.Spans, entry.Count);
        }

        return new Trace(id, [.. spans.Take(count).OrderBy(span => span.Start)]);
    }

    /// <summary>What is kept, and then what arrives, without a gap. The filter is applied to each span by itself.</summary>
    public TelemetryWatch<Span> WatchAsync(TraceFilter filter, CancellationToken cancellationToken) =>
        WatchAsync(span => span.Matches(filter), cancellationToken);

    internal TelemetryWatch<Span> WatchAsync(Func<Span, bool> isWanted, CancellationToken cancellationToken) => new(this, isWanted, cancellationToken);

    /// <summary>All traces at this moment, in order of their last arrival. The arrays can be read without a lock.</summary>
    internal TraceCapture[] Capture()
    {
        lock (_lock)
        {
            var all = new TraceCapture[_byArrival.Count];
            var i = 0;
            foreach (var entry in _byArrival)
                all[i++] = new TraceCapture(entry.Summary, entry.Spans, entry.Count);
            return all;
        }
    }

    IEnumerable<IReadOnlyList<Span>> ITelemetrySource<Span>.Begin(TelemetryWatch<Span> watch)
    {
        (TraceId Id, long Serial, int Count)[] present;
        lock (_lock)
        {
            _watchers.Add(watch);
            present = [.. _byArrival.Select(entry => (entry.Id, entry.Serial, entry.Count))];
        }

        return present.Select(IReadOnlyList<Span> (trace) => Page(trace.Id, trace.Serial, trace.Count, watch));
    }

    void ITelemetrySource<Span>.End(TelemetryWatch<Span> watch)
    {
        lock (_lock)
            _watchers.Remove(watch);
    }

    private static bool Contains(TraceCapture trace, string text)
    {
        if (trace.Summary.Id.Contains(text))
            return true;
        foreach (var span in trace.Spans.AsSpan(0, trace.Count))
        {
            if (span.Contains(text))
                return true;
        }

        return false;
    }

    private ArraySegment<Span> Page(TraceId id, long serial, int count, TelemetryWatch<Span> watch)
    {
        lock (_lock)
        {
            if (_traces.TryGetValue(id, out var entry) && entry.Serial == serial)
                return new ArraySegment<Span>(entry.Spans, 0, count);
        }

        watch.Lose(count);
        return [];
    }

    private TraceEntry Touch(TraceId id)
    {
        if (_traces.TryGetValue(id, out var entry))
        {
            _byArrival.Remove(entry.Node!);
            _byArrival.AddLast(entry.Node!);
            return entry;
        }

        entry = new TraceEntry(id, ++_serial);
        entry.Node = _byArrival.AddLast(entry);
        _traces.Add(id, entry);
        _bytes += entry.Bytes;
        return entry;
    }

    private bool TryAdd(TraceEntry entry, Span span)
    {
        if (entry.Contains(span.SpanId))
            return true;
        // No trace may take so much that it drives all others out. A span that is too large by itself is the first of its trace or not taken.
        var bytes = span.Bytes > 0 ? span.Bytes : TelemetrySize.Of(span);
        if (entry.Count > 0 && (entry.Count >= limits.SpansPerTrace || entry.Bytes + bytes > limits.BytesPerStore / 2))
        {
            _dropped++;
            return false;
        }

        entry.Add(span);
        entry.Bytes += bytes;
        _bytes += bytes;
        _resources.Add(span.Resource, 1);
        _watchers.Offer(span);
        return true;
    }

    private void Trim()
    {
        while (_byArrival.First is { } oldest && (_traces.Count > limits.Traces || _bytes > limits.BytesPerStore))
        {
            _byArrival.RemoveFirst();
            _traces.Remove(oldest.Value.Id);
            _bytes -= oldest.Value.Bytes;
            _dropped += oldest.Value.Count;
            foreach (var (resource, count) in oldest.Value.Shares)
                _resources.Add(resource, -count);
        }
    }
}

/// <summary>A trace at a moment.</summary>
/// <param name="Summary">What it is.</param>
/// <param name="Spans">Its spans in order of arrival, and room for more.</param>
/// <param name="Count">How many of them there are.</param>
internal readonly record struct TraceCapture(TraceSummary Summary, Span[] Spans, int Count);
