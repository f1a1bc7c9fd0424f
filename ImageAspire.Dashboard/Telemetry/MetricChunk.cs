namespace ImageAspire.Dashboard.Telemetry;

/// <summary>A piece of a series that no longer changes.</summary>
/// <param name="data">The points, as <see cref="MetricChunkWriter"/> wrote them.</param>
/// <param name="count">How many.</param>
/// <param name="last">Time of the last one, in milliseconds.</param>
/// <param name="bounds">Bounds of the buckets of all of them; null for a number.</param>
internal sealed class MetricChunk(ReadOnlyMemory<byte> data, int count, long last, double[]? bounds)
{
    /// <summary>Estimated bytes, without the points.</summary>
    public const int OwnBytes = 112;

    public ReadOnlyMemory<byte> Data => data;

    public int Count => count;

    public long Last => last;

    public double[]? Bounds => bounds;

    public int Bytes => OwnBytes + data.Length;
}

/// <summary>
/// Writes points so that those of a quiet series take two bytes each and those of a busy one about ten: times as the difference of
/// differences in milliseconds; whole numbers as differences; other numbers as what changed of their bits; buckets as those that grew.
/// </summary>
/// <param name="bounds">Bounds of the buckets; null for a number.</param>
internal sealed class MetricChunkWriter(double[]? bounds)
{
    private readonly long[] _buckets = bounds is null ? [] : new long[bounds.Length + 1];
    private byte[] _data = new byte[64];
    private int _length;
    private long _time;
    private long _step;
    private double _value;
    private long _count;

    public double[]? Bounds => bounds;

    public int Points { get; private set; }

    /// <summary>Bytes that it takes.</summary>
    public int Capacity => _data.Length + (_buckets.Length * 8);

    /// <param name="time">In milliseconds; later than the one before.</param>
    /// <param name="point">The rest; with as many buckets as there are bounds, and one.</param>
    public void Add(long time, MetricPoint point)
    {
        WriteSigned(time - _time - _step);
        (_step, _time) = (Points == 0 ? 0 : time - _time, time);
        WriteValue(point.Value);
        if (bounds is not null)
        {
            WriteSigned(point.Count - _count);
            _count = point.Count;
            WriteBuckets(point.Buckets!);
        }

        Points++;
    }

    /// <summary>What is written so far. Later points do not change it.</summary>
    public MetricChunk Capture() => new(_data.AsMemory(0, _length), Points, _time, bounds);

    public MetricChunk Seal() => new(_data.AsSpan(0, _length).ToArray(), Points, _time, bounds);

    // 0: the same; odd: a whole number, its difference above; even: that many bytes of changed bits, after so many that did not change.
    private void WriteValue(double value)
    {
        var changed = BitConverter.DoubleToUInt64Bits(value) ^ BitConverter.DoubleToUInt64Bits(_value);
        if (changed == 0)
        {
            WriteUnsigned(0);
        }
        else if (IsWhole(value) && IsWhole(_value))
        {
            WriteUnsigned((ZigZag((long)value - (long)_value) << 1) | 1);
        }
        else
        {
            var zeros = System.Numerics.BitOperations.TrailingZeroCount(changed) / 8;
            changed >>= zeros * 8;
            var bytes = 8 - (System.Numerics.BitOperations.LeadingZeroCount(changed) / 8);
            WriteUnsigned(((ulong)bytes << 1) | ((ulong)zeros << 5));
            for (; bytes > 0; bytes--, changed >>= 8)
                WriteByte((byte)changed);
        }

        _value = value;
    }

    private void WriteBuckets(long[] buckets)
    {
        var changed = 0;
        for (var i = 0; i < buckets.Length; i++)
            changed += buckets[i] == _buckets[i] ? 0 : 1;
        WriteUnsigned((ulong)changed);
        var last = -1;
        for (var i = 0; i < buckets.Length; i++)
        {
            if (buckets[i] == _buckets[i])
                continue;
            WriteUnsigned((ulong)(i - last - 1));
            WriteSigned(buckets[i] - _buckets[i]);
            (_buckets[i], last) = (buckets[i], i);
        }
    }

    // Whole, exact, and not minus zero, whose sign a difference would lose.
    private static bool IsWhole(double value) =>
        Math.Abs(value) < 1L << 52 && Math.Floor(value) == value && (value != 0 || !double.IsNegative(value));

    private void WriteSigned(long value) => WriteUnsigned(ZigZag(value));

    private static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));

    private void WriteUnsigned(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            WriteByte((byte)(value | 0x80));
        WriteByte((byte)value);
    }

    private void WriteByte(byte value)
    {
        if (_length == _data.Length)
            Array.Resize(ref _data, _length * 2);
        _data[_length++] = value;
    }
}
