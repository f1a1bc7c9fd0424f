namespace ImageAspire.Dashboard.Telemetry;

/// <summary>Reads the points of a chunk, in order.</summary>
/// <param name="chunk">The chunk.</param>
internal ref struct MetricChunkReader(MetricChunk chunk)
{
    private readonly long[] _buckets = chunk.Bounds is null ? [] : new long[chunk.Bounds.Length + 1];
    private readonly ReadOnlySpan<byte> _data = chunk.Data.Span;
    private int _at;
    private int _read;
    private long _step;
    private double _value;
    private long _count;

    /// <summary>Time of the point, in milliseconds.</summary>
    public long Time { get; private set; }

    /// <summary>Goes to the next point; false after the last.</summary>
    public bool Read()
    {
        if (_read == chunk.Count)
            return false;
        var time = Time + _step + ReadSigned();
        (_step, Time) = (_read == 0 ? 0 : time - Time, time);
        ReadValue();
        if (chunk.Bounds is not null)
        {
            _count += ReadSigned();
            var index = -1;
            for (var changed = ReadUnsigned(); changed > 0; changed--)
            {
                index += (int)ReadUnsigned() + 1;
                _buckets[index] += ReadSigned();
            }
        }

        _read++;
        return true;
    }

    /// <summary>The point that was read.</summary>
    public readonly MetricPoint Point() => chunk.Bounds is null
        ? new MetricPoint(Time * 1_000_000, _value)
        : new MetricPoint(Time * 1_000_000, _value, _count, (long[])_buckets.Clone(), chunk.Bounds);

    private void ReadValue()
    {
        var head = ReadUnsigned();
        if (head == 0)
            return;
        if ((head & 1) == 1)
        {
            _value = (long)_value + UnZigZag(head >> 1);
            return;
        }

        var bytes = (int)(head >> 1) & 0xF;
        var zeros = (int)(head >> 5);
        ulong changed = 0;
        for (var i = 0; i < bytes; i++)
            changed |= (ulong)_data[_at++] << (8 * (i + zeros));
        _value = BitConverter.UInt64BitsToDouble(BitConverter.DoubleToUInt64Bits(_value) ^ changed);
    }

    private long ReadSigned() => UnZigZag(ReadUnsigned());

    private static long UnZigZag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);

    private ulong ReadUnsigned()
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = _data[_at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }
    }
}
