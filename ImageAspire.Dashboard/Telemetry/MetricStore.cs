using System.Collections.ObjectModel;

namespace ImageAspire.Dashboard.Telemetry;

/// <summary>
/// The metrics. Deltas are added up: what is kept is cumulative, from the start of the process that counts. Times are kept in
/// milliseconds; a time that is yet to come is taken for now. When bytes run out, the oldest four minutes of some series go first.
/// </summary>
/// <param name="limits">What is kept at most.</param>
/// <param name="time">The clock.</param>
public sealed class MetricStore(TelemetryLimits limits, TimeProvider time)
{
    private const long SweepMilliseconds = 30_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<InstrumentKey, InstrumentEntry> _instruments = [];
    // The series of every sealed chunk, in the order of sealing: within a series the oldest is the first.
    private readonly Queue<(SeriesEntry Series, MetricChunk Chunk)> _chunks = new();
    private readonly ResourceCounts _resources = new();
    private long _version;
    private long _bytes;
    private long _sealedBytes;
    private long _dropped;
    private long _sweptAt;
    private int _series;

    /// <summary>Grows with every change.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>What is kept and what went.</summary>
    public StoreState State
    {
        get
        {
            lock (_lock)
                return new StoreState(_series, _bytes, _dropped);
        }
    }

    internal TelemetryLimits Limits => limits;

    internal TimeProvider Time => time;

    internal IReadOnlyList<TelemetryResource> Resources
    {
        get
        {
            lock (_lock)
                return _resources.Resources();
        }
    }

    /// <summary>Takes a point in. The last one of a second stays. A point older than the last of its series is dropped.</summary>
    /// <returns>Whether it was taken; false when there are too many series, or when it is too old.</returns>
    public bool Add(Instrument instrument, IReadOnlyList<TelemetryAttribute> attributes, MetricPoint point, bool isDelta, IReadOnlyList<Exemplar> exemplars)
    {
        ArgumentNullException.ThrowIfNull(instrument);
        ArgumentNullException.ThrowIfNull(attributes);
        ArgumentNullException.ThrowIfNull(point);
        ArgumentNullException.ThrowIfNull(exemplars);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var at = Math.Min(point.Time / 1_000_000, now);
        if (instrument.Kind == InstrumentKind.Histogram && point.Buckets is null)
            point = point with { Buckets = [point.Count], Bounds = [] };
        lock (_lock)
        {
            Sweep(now);
            if (at < OldestTime(now) || SeriesOf(instrument, AttributeSets.Sorted(attributes), now) is not { } series || (series.Last is not null && at < series.LastTime))
            {
                _dropped++;
                return false;
            }

            _bytes -= series.Bytes;
            if (series.Last?.Bounds is { } bounds && point.Bounds is { } same && bounds.AsSpan().SequenceEqual(same))
                point = point with { Bounds = bounds };
            var sealedChunk = series.Add(at, isDelta ? MetricSums.Add(series.Last, point) : point);
            series.Add(exemplars);
            _bytes += series.Bytes;
            if (sealedChunk is not null)
            {
                Count(sealedChunk, 1);
                _chunks.Enqueue((series, sealedChunk));
            }

            Trim(now);
            Interlocked.Increment(ref _version);
            return true;
        }
    }

    /// <summary>The instruments of a resource, in order of meter and name.</summary>
    /// <param name="resource">A <see cref="TelemetryResource.DisplayName"/>; null for all.</param>
    public IReadOnlyList<Instrument> Instruments(string? resource)
    {
        lock (_lock)
        {
            return [.. _instruments.Values.Select(one => one.Instrument).Where(one => one.Resource.IsNamed(resource))
                .OrderBy(one => one.Meter.Name, StringComparer.Ordinal).ThenBy(one => one.Name, StringComparer.Ordinal)];
        }
    }

    /// <summary>The series of an instrument, from a time on; null when there is no such instrument.</summary>
    /// <param name="resource">A <see cref="TelemetryResource.DisplayName"/>.</param>
    /// <param name="meter">Name of its meter.</param>
    /// <param name="instrument">Its name.</param>
    /// <param name="from">The earliest time, in nanoseconds since 1970-01-01 UTC.</param>
    /// <param name="step">At most one point, the last, of every so many nanoseconds; 0 for all.</param>
    public (Instrument Instrument, IReadOnlyList<MetricSeries> Series)? Find(string resource, string meter, string instrument, long from, long step = 0)
    {
        InstrumentEntry? entry;
        Collection<SeriesCapture> captures = [];
        lock (_lock)
        {
            entry = _instruments.FirstOrDefault(one =>
                one.Key.Name == instrument && one.Key.Meter == meter && one.Key.Resource.DisplayName == resource).Value;
            if (entry is null)
                return null;
            foreach (var series in entry.Series.Values)
                captures.Add(series.Capture());
        }

        return (entry.Instrument, [.. captures.Select(capture => capture.Read(from, step))]);
    }

    private SeriesEntry? SeriesOf(Instrument instrument, TelemetryAttribute[] attributes, long now)
    {
        var key = new InstrumentKey(instrument.Resource, instrument.Meter.Name, instrument.Name);
        if (!_instruments.TryGetValue(key, out var entry))
            entry = new InstrumentEntry(instrument);
        if (entry.Instrument.Kind != instrument.Kind)
        {
            // It measures something else than before: what was measured before means nothing now.
            foreach (var old in entry.Series.Values.ToList())
                Remove(old);
            entry = new InstrumentEntry(instrument);
        }

        if (entry.Series.TryGetValue(attributes, out var series))
        {
            entry.Instrument = instrument;
            return series;
        }

        // Only points can make room: what series take without them stays within half of the memory.
        series = new SeriesEntry(entry, attributes);
        if (_series >= limits.MetricSeries || _bytes - _sealedBytes + series.Bytes > limits.BytesPerStore / 2)
            return null;
        _instruments[key] = entry;
        entry.Series.Add(attributes, series);
        _series++;
        _bytes += series.Bytes;
        _resources.Add(instrument.Resource, 1);
        return series;
    }

    private void Count(MetricChunk chunk, int times)
    {
        _bytes += times * chunk.Bytes;
        _sealedBytes += times * chunk.Bytes;
    }

    private long OldestTime(long now) => now - (long)limits.MetricDuration.TotalMilliseconds;

    private void Trim(long now)
    {
        while (_chunks.TryPeek(out var oldest))
        {
            var hasGone = oldest.Series.Oldest != oldest.Chunk; // with its series
            var isExpired = oldest.Chunk.Last < OldestTime(now);
            if (!hasGone && !isExpired && _bytes <= limits.BytesPerStore)
                return;
            _chunks.Dequeue();
            if (hasGone)
                continue;
            oldest.Series.RemoveOldest();
            Count(oldest.Chunk, -1);
            _dropped += isExpired ? 0 : oldest.Chunk.Count;
        }
    }

    // A series that is no longer sent makes room.
    private void Sweep(long now)
    {
        if (now - _sweptAt < SweepMilliseconds)
            return;
        _sweptAt = now;
        foreach (var series in _instruments.Values.SelectMany(entry => entry.Series.Values).Where(one => one.LastTime < OldestTime(now)).ToList())
            Remove(series);
    }

    private void Remove(SeriesEntry series)
    {
        while (series.Oldest is { } chunk)
        {
            Count(chunk, -1);
            series.RemoveOldest();
        }

        _bytes -= series.Bytes;
        _series--;
        var instrument = series.Instrument.Instrument;
        _resources.Add(instrument.Resource, -1);
        series.Instrument.Series.Remove(series.Attributes);
        if (series.Instrument.Series.Count == 0)
            _instruments.Remove(new InstrumentKey(instrument.Resource, instrument.Meter.Name, instrument.Name));
    }
}
