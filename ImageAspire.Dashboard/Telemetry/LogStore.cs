namespace ImageAspire.Dashboard.Telemetry;

/// <summary>Which log records are meant.</summary>
/// <param name="Resource">A <see cref="TelemetryResource.DisplayName"/>, or a name for all of its instances; null for all.</param>
/// <param name="Severity">The least severity.</param>
/// <param name="Text">Part of the message, the category, or of an attribute's value, of either case; null for all.</param>
/// <param name="TraceId">Its trace; empty for all.</param>
/// <param name="SpanId">Its span; empty for all.</param>
public sealed record LogFilter(string? Resource = null, LogSeverity Severity = LogSeverity.Trace, string? Text = null, TraceId TraceId = default, SpanId SpanId = default);

/// <summary>The log records. Of each resource, and of all when bytes run out, the one that arrived first goes first.</summary>
/// <param name="limits">What is kept at most.</param>
public sealed class LogStore(TelemetryLimits limits) : ITelemetrySource<LogRecord>
{
    private const int RecordsPerTurn = 1_024;
    private const int PageSize = 256;

    private readonly Lock _lock = new();
    private readonly Dictionary<TelemetryResource, LogRing> _rings = [];
    private readonly Watchers<LogRecord> _watchers = new();
    private long _version;
    private long _sequence;
    private long _bytes;
    private long _dropped;
    private int _count;

    /// <summary>Grows with every change.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>What is kept and what went.</summary>
    public StoreState State
    {
        get
        {
            lock (_lock)
                return new StoreState(_count, _bytes, _dropped);
        }
    }

    internal TelemetryLimits Limits => limits;

    internal IReadOnlyList<TelemetryResource> Resources
    {
        get
        {
            lock (_lock)
                return [.. _rings.Keys];
        }
    }

    /// <summary>Takes records in and numbers them.</summary>
    public void Add(IReadOnlyList<LogRecord> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        for (var from = 0; from < records.Count; from += RecordsPerTurn)
        {
            lock (_lock)
            {
                for (var i = from; i < Math.Min(records.Count, from + RecordsPerTurn); i++)
                    Add(records[i]);
                Trim();
                Interlocked.Increment(ref _version);
            }
        }
    }

    /// <summary>Records in order of time, the latest first.</summary>
    /// <returns>A page, and how many there are in all.</returns>
    public (IReadOnlyList<LogRecord> Items, int Total) List(LogFilter filter, int skip, int take)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var found = Where(filter.Resource, record => record.Matches(filter));
        return ([.. found.Skip(skip).Take(take)], found.Count);
    }

    /// <summary>One record by its number; null when it is not there (any more).</summary>
    public LogRecord? Find(long sequence)
    {
        lock (_lock)
        {
            foreach (var ring in _rings.Values)
            {
                if (ring.Find(sequence) is { } record)
                    return record;
            }
        }

        return null;
    }

    /// <summary>What is kept, and then what arrives, in order of arrival, without a gap.</summary>
    public TelemetryWatch<LogRecord> WatchAsync(LogFilter filter, CancellationToken cancellationToken) =>
        WatchAsync(record => record.Matches(filter), cancellationToken);

    internal TelemetryWatch<LogRecord> WatchAsync(Func<LogRecord, bool> isWanted, CancellationToken cancellationToken) =>
        new(this, isWanted, cancellationToken);

    /// <summary>All that are wanted, in order of time, the latest first.</summary>
    internal List<LogRecord> Where(string? resource, Func<LogRecord, bool> isWanted)
    {
        LogRecord?[] all;
        lock (_lock)
        {
            var rings = _rings.Where(one => one.Key.IsNamed(resource)).Select(one => one.Value).ToList();
            all = new LogRecord?[rings.Sum(ring => ring.Count)];
            var at = 0;
            foreach (var ring in rings)
            {
                ring.CopyTo(all.AsSpan(at));
                at += ring.Count;
            }
        }

        var found = new List<LogRecord>();
        foreach (var record in all)
        {
            if (isWanted(record!))
                found.Add(record!);
        }

        found.Sort((a, b) => a.Time != b.Time ? b.Time.CompareTo(a.Time) : b.Sequence.CompareTo(a.Sequence));
        return found;
    }

    IEnumerable<IReadOnlyList<LogRecord>> ITelemetrySource<LogRecord>.Begin(TelemetryWatch<LogRecord> watch)
    {
        lock (_lock)
        {
            _watchers.Add(watch);
            return Pages(watch, _sequence, _count);
        }
    }

    void ITelemetrySource<LogRecord>.End(TelemetryWatch<LogRecord> watch)
    {
        lock (_lock)
            _watchers.Remove(watch);
    }

    private IEnumerable<IReadOnlyList<LogRecord>> Pages(TelemetryWatch<LogRecord> watch, long last, int count)
    {
        for (long after = 0; after < last;)
        {
            var page = new List<LogRecord>();
            lock (_lock)
            {
                foreach (var ring in _rings.Values)
                    ring.CopyAfter(after, PageSize, page);
            }

            page.Sort((a, b) => a.Sequence.CompareTo(b.Sequence));
            // What came after the registration comes through the channel.
            page.RemoveAll(record => record.Sequence > last);
            if (page.Count == 0)
                break;
            if (page.Count > PageSize)
                page.RemoveRange(PageSize, page.Count - PageSize);
            after = page[^1].Sequence;
            count -= page.Count;
            yield return page;
        }

        watch.Lose(count);
    }

    private void Add(LogRecord record)
    {
        record.Sequence = ++_sequence;
        if (!_rings.TryGetValue(record.Resource, out var ring))
            _rings.Add(record.Resource, ring = new LogRing(Math.Max(1, limits.LogsPerResource)));
        if (ring.IsFull)
            DropOldest(ring);
        ring.Add(record);
        _bytes += SizeOf(record);
        _count++;
        _watchers.Offer(record);
    }

    private void Trim()
    {
        while (_bytes > limits.BytesPerStore && _count > 0)
        {
            var (resource, ring) = _rings.MinBy(one => one.Value.Oldest.Sequence);
            DropOldest(ring);
            if (ring.Count == 0)
                _rings.Remove(resource);
        }
    }

    private void DropOldest(LogRing ring)
    {
        _bytes -= SizeOf(ring.RemoveOldest());
        _count--;
        _dropped++;
    }

    private static int SizeOf(LogRecord record) => record.Bytes > 0 ? record.Bytes : TelemetrySize.Of(record);
}
