namespace ImageAspire.Dashboard.Telemetry;

/// <summary>A series in the store; guarded by the store's lock.</summary>
/// <param name="instrument">What it belongs to.</param>
/// <param name="attributes">Its attributes, in order of key.</param>
internal sealed class SeriesEntry(InstrumentEntry instrument, TelemetryAttribute[] attributes)
{
    /// <summary>Points of a chunk: what goes at once when its time has come.</summary>
    public const int PointsPerChunk = 240;

    // A chunk of a histogram with many buckets is full before: only what is sealed can go when bytes run out.
    private const int BytesPerChunk = 16 * 1024;
    private const int Exemplars = 20;
    private const int OwnBytes = 480;

    private readonly Queue<MetricChunk> _sealed = new();
    private readonly Queue<Exemplar> _exemplars = new();
    private MetricChunkWriter? _open;
    private MetricPoint? _last;
    private long _lastTime;
    private long _firstTime;
    private long _since;

    public InstrumentEntry Instrument => instrument;

    public TelemetryAttribute[] Attributes => attributes;

    /// <summary>The newest point; it is replaced when another comes within the same second.</summary>
    public MetricPoint? Last => _last;

    /// <summary>Time of the newest point, in milliseconds.</summary>
    public long LastTime => _lastTime;

    /// <summary>The oldest chunk that no longer changes.</summary>
    public MetricChunk? Oldest => _sealed.TryPeek(out var oldest) ? oldest : null;

    public int Points => _sealed.Sum(chunk => chunk.Count) + (_open?.Points ?? 0) + (_last is null ? 0 : 1);

    /// <summary>Estimated bytes, without the chunks that no longer change.</summary>
    public int Bytes => OwnBytes + TelemetrySize.Of(attributes) + (_open?.Capacity ?? 0) + (_exemplars.Count * 72) + ((_last?.Buckets?.Length ?? 0) * 8);

    /// <summary>Takes a point that is not older than the last.</summary>
    /// <returns>A chunk that was sealed; null for none.</returns>
    public MetricChunk? Add(long time, MetricPoint point)
    {
        MetricChunk? done = null;
        if (_last is { } last && time / 1_000 != _lastTime / 1_000)
        {
            if (_open is null || _open.Points == PointsPerChunk || _open.Capacity > BytesPerChunk || !ReferenceEquals(_open.Bounds, last.Bounds))
            {
                done = Seal();
                _open = new MetricChunkWriter(last.Bounds);
            }

            _open.Add(_lastTime, last);
        }

        if (_last is null)
            _since = point.Since;
        if (_open is null)
            _firstTime = time; // or the last one of the first second
        (_last, _lastTime) = (point, time);
        return done;
    }

    public void RemoveOldest() => _sealed.Dequeue();

    public void Add(IReadOnlyList<Exemplar> exemplars)
    {
        foreach (var exemplar in exemplars)
        {
            // A cumulative sender repeats those that it still holds.
            if (_exemplars.Contains(exemplar))
                continue;
            _exemplars.Enqueue(exemplar);
            if (_exemplars.Count > Exemplars)
                _exemplars.Dequeue();
        }
    }

    /// <summary>What is in it; can be read without the lock.</summary>
    public SeriesCapture Capture()
    {
        List<MetricChunk> chunks = [.. _sealed];
        if (_open is not null)
            chunks.Add(_open.Capture());
        return new SeriesCapture(attributes, chunks, _last, _lastTime, [.. _exemplars], _firstTime, _since);
    }

    private MetricChunk? Seal()
    {
        if (_open is null || _open.Points == 0)
            return null;
        var chunk = _open.Seal();
        _sealed.Enqueue(chunk);
        return chunk;
    }
}

/// <summary>A series at a moment.</summary>
/// <param name="Attributes">Its attributes.</param>
/// <param name="Chunks">Its points but the last.</param>
/// <param name="Last">Its last point.</param>
/// <param name="LastTime">Time of that, in milliseconds.</param>
/// <param name="Exemplars">Its exemplars.</param>
/// <param name="FirstTime">Time of its first point, in milliseconds; it may be gone.</param>
/// <param name="Since">Since when that one is added up, in nanoseconds.</param>
internal sealed record SeriesCapture(
    TelemetryAttribute[] Attributes, List<MetricChunk> Chunks, MetricPoint? Last, long LastTime, IReadOnlyList<Exemplar> Exemplars, long FirstTime, long Since)
{
    /// <param name="from">The earliest time, in nanoseconds.</param>
    /// <param name="step">At most one point, the last, for each so many nanoseconds; 0 for all.</param>
    public MetricSeries Read(long from, long step)
    {
        var points = new List<MetricPoint>();
        var fromMs = from / 1_000_000;
        foreach (var chunk in Chunks.Where(chunk => chunk.Last >= fromMs))
        {
            var reader = new MetricChunkReader(chunk);
            while (reader.Read())
            {
                if (reader.Time >= fromMs)
                    Put(points, reader.Point(), step);
            }
        }

        if (Last is not null && LastTime >= fromMs)
            Put(points, Last with { Time = LastTime * 1_000_000, Since = 0 }, step);
        return new MetricSeries(Attributes, points, [.. Exemplars.Where(one => one.Time >= from).OrderBy(one => one.Time)]);
    }

    private void Put(List<MetricPoint> points, MetricPoint point, long step)
    {
        if (point.Time == FirstTime * 1_000_000)
            point = point with { Since = Since };
        if (step > 0 && points.Count > 0 && points[^1].Time / step == point.Time / step)
            points[^1] = point with { Since = points[^1].Since };
        else
            points.Add(point);
    }
}
