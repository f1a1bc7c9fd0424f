namespace ImageAspire.Dashboard.Telemetry;

/// <summary>
/// A trace in the store, with its summary kept up to date; guarded by the store's lock. Spans are only ever appended, so that whoever has
/// taken the array and the count can go on reading them without the lock.
/// </summary>
/// <param name="id">The trace.</param>
/// <param name="serial">Tells it from another entry of the same trace, after this one has gone.</param>
internal sealed class TraceEntry(TraceId id, long serial)
{
    /// <summary>Estimated bytes of an entry without its spans.</summary>
    public const int OwnBytes = 400;

    // Up to so many spans, looking through them is as fast as a set, and takes no memory.
    private const int FewSpans = 32;

    private readonly List<Share> _shares = new(2);
    private Span[] _spans = new Span[4];
    private HashSet<SpanId>? _ids;
    private Span? _root;
    private Span? _earliest;
    private long _end;
    private int _errors;
    private TraceSummary? _summary;

    public TraceId Id => id;

    public long Serial => serial;

    public int Count { get; private set; }

    public long Bytes { get; set; } = OwnBytes;

    public Span[] Spans => _spans;

    /// <summary>Place in the order of last arrival.</summary>
    public LinkedListNode<TraceEntry>? Node { get; set; }

    public IEnumerable<(TelemetryResource Resource, int Count)> Shares => _shares.Select(share => (share.Resource, share.Count));

    public TraceSummary Summary => _summary ??= new TraceSummary(
        id, _root ?? _earliest!, _earliest!.Start, _end - _earliest.Start,
        [.. _shares.OrderBy(share => share.First).Select(share => (share.Resource, share.Count))], _errors);

    /// <summary>Whether a span has arrived before: its sender did not hear our answer and sent it again.</summary>
    public bool Contains(SpanId span)
    {
        if (_ids is not null)
            return _ids.Contains(span);
        foreach (var one in _spans.AsSpan(0, Count))
        {
            if (one.SpanId == span)
                return true;
        }

        return false;
    }

    public void Add(Span span)
    {
        if (Count == _spans.Length)
            Array.Resize(ref _spans, Count * 2);
        _spans[Count++] = span;
        if (_ids is not null)
            _ids.Add(span.SpanId);
        else if (Count > FewSpans)
            _ids = [.. _spans.AsSpan(0, Count).ToArray().Select(one => one.SpanId)];
        Summarize(span);
    }

    private void Summarize(Span span)
    {
        _summary = null;
        if (_earliest is null || span.Start < _earliest.Start)
            _earliest = span;
        if (span.ParentId.IsEmpty && (_root is null || span.Start < _root.Start))
            _root = span;
        _end = Count == 1 ? span.End : Math.Max(_end, span.End);
        if (span.Status == SpanStatus.Error)
            _errors++;
        foreach (var share in _shares)
        {
            if (share.Resource.Equals(span.Resource))
            {
                share.Count++;
                share.First = Math.Min(share.First, span.Start);
                return;
            }
        }

        _shares.Add(new Share(span.Resource, span.Start));
    }

    private sealed class Share(TelemetryResource resource, long first)
    {
        public TelemetryResource Resource => resource;

        public long First { get; set; } = first;

        public int Count { get; set; } = 1;
    }
}
