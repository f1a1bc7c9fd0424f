namespace ImageAspire.Dashboard.Telemetry;

/// <summary>The last records of a resource, in order of their numbers; guarded by the store's lock.</summary>
/// <param name="capacity">How many at most.</param>
internal sealed class LogRing(int capacity)
{
    private LogRecord?[] _records = new LogRecord?[Math.Min(16, capacity)];
    private int _first;

    public int Count { get; private set; }

    public bool IsFull => Count == capacity;

    /// <summary>The oldest; there must be one.</summary>
    public LogRecord Oldest => this[0];

    private LogRecord this[int index] => _records[(_first + index) % _records.Length]!;

    /// <summary>Adds one; it must not be full.</summary>
    public void Add(LogRecord record)
    {
        if (Count == _records.Length)
        {
            var larger = new LogRecord?[Math.Min(capacity, Count * 2)];
            CopyTo(larger);
            (_records, _first) = (larger, 0);
        }

        _records[(_first + Count++) % _records.Length] = record;
    }

    public LogRecord RemoveOldest()
    {
        var oldest = Oldest;
        _records[_first] = null;
        _first = (_first + 1) % _records.Length;
        Count--;
        return oldest;
    }

    /// <summary>Copies all, the oldest first.</summary>
    public void CopyTo(Span<LogRecord?> target)
    {
        var head = Math.Min(Count, _records.Length - _first);
        _records.AsSpan(_first, head).CopyTo(target);
        _records.AsSpan(0, Count - head).CopyTo(target[head..]);
    }

    /// <summary>Copies those after a number, at most so many.</summary>
    public void CopyAfter(long sequence, int max, List<LogRecord> target)
    {
        for (var i = IndexAfter(sequence); i < Count && max-- > 0; i++)
            target.Add(this[i]);
    }

    public LogRecord? Find(long sequence) =>
        IndexAfter(sequence - 1) is var index && index < Count && this[index].Sequence == sequence ? this[index] : null;

    private int IndexAfter(long sequence)
    {
        var (low, high) = (0, Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (this[middle].Sequence <= sequence)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
