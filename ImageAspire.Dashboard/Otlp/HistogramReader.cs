using System.Buffers.Binary;
using ImageAspire.Dashboard.Telemetry;

namespace ImageAspire.Dashboard.Otlp;

/// <summary>Reads points of histograms.</summary>
internal static class HistogramReader
{
    /// <summary>Bounds of a histogram at most.</summary>
    public const int MaxBounds = 512;

    public static PointResult Histogram(ReadOnlySpan<byte> message)
    {
        var flags = 0UL;
        var (bounds, buckets) = (new List<double>(), new List<long>());
        var (since, time, count, sum) = (0L, 0L, 0L, 0.0);
        var reader = new WireReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case OtlpFields.HistogramPoint.Start:
                    since = SignalReader.Time(reader.Fixed64());
                    break;
                case OtlpFields.HistogramPoint.Time:
                    time = SignalReader.Time(reader.Fixed64());
                    break;
                case OtlpFields.HistogramPoint.Count:
                    count = (long)reader.Fixed64();
                    break;
                case OtlpFields.HistogramPoint.Sum:
                    sum = reader.Double();
                    break;
                case OtlpFields.HistogramPoint.Buckets:
                    ReadFixed(ref reader, buckets, bits => (long)bits);
                    break;
                case OtlpFields.HistogramPoint.Bounds:
                    ReadFixed(ref reader, bounds, BitConverter.UInt64BitsToDouble);
                    break;
                case OtlpFields.HistogramPoint.Flags:
                    flags = reader.Varint();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        if (buckets.Count == 0 && bounds.Count == 0)
            buckets.Add(count); // a histogram without buckets is one of one bucket
        var isValid = count >= 0 && double.IsFinite(sum) && AreBuckets(bounds, buckets);
        return new PointResult(isValid ? new MetricPoint(time, sum, count, [.. buckets], [.. bounds], since) : null, flags);
    }

    public static PointResult Exponential(ReadOnlySpan<byte> message)
    {
        var flags = 0UL;
        var (since, time, count, sum, scale, zeros) = (0L, 0L, 0L, 0.0, 0L, 0L);
        ReadOnlySpan<byte> positive = default, negative = default;
        var reader = new WireReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case OtlpFields.ExponentialPoint.Start:
                    since = SignalReader.Time(reader.Fixed64());
                    break;
                case OtlpFields.ExponentialPoint.Time:
                    time = SignalReader.Time(reader.Fixed64());
                    break;
                case OtlpFields.ExponentialPoint.Count:
                    count = (long)reader.Fixed64();
                    break;
                case OtlpFields.ExponentialPoint.Sum:
                    sum = reader.Double();
                    break;
                case OtlpFields.ExponentialPoint.Scale:
                    scale = UnZigZag(reader.Varint());
                    break;
                case OtlpFields.ExponentialPoint.Zeros:
                    zeros = (long)reader.Fixed64();
                    break;
                case OtlpFields.ExponentialPoint.Positive:
                    positive = reader.Bytes();
                    break;
                case OtlpFields.ExponentialPoint.Negative:
                    negative = reader.Bytes();
                    break;
                case OtlpFields.ExponentialPoint.Flags:
                    flags = reader.Varint();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        var buckets = count < 0 || zeros < 0 || !double.IsFinite(sum)
            ? null
            : ExponentialBuckets.ToExplicit((int)Math.Clamp(scale, -32, 32), zeros, Buckets(positive), Buckets(negative));
        return new PointResult(buckets is { } some ? new MetricPoint(time, sum, count, some.Counts, some.Bounds, since) : null, flags);
    }

    private static (int Offset, List<long> Counts) Buckets(ReadOnlySpan<byte> message)
    {
        var (offset, counts) = (0L, new List<long>());
        var reader = new WireReader(message);
        while (reader.Next())
        {
            if (reader.Field == OtlpFields.Buckets.Offset)
            {
                offset = UnZigZag(reader.Varint());
            }
            else if (reader.Field != OtlpFields.Buckets.Counts)
            {
                reader.Skip();
            }
            else if (!reader.IsBytes)
            {
                Put(counts, (long)reader.Varint());
            }
            else
            {
                var packed = reader.Bytes();
                while (!packed.IsEmpty)
                    Put(counts, (long)WireReader.TakeVarint(ref packed));
            }
        }

        return ((int)Math.Clamp(offset, int.MinValue / 2, int.MaxValue / 2), counts);
    }

    private static void ReadFixed<T>(ref WireReader reader, List<T> target, Func<ulong, T> convert)
    {
        if (!reader.IsBytes)
        {
            Put(target, convert(reader.Fixed64()));
            return;
        }

        var packed = reader.Bytes();
        if (packed.Length % 8 != 0)
            throw new MalformedRequestException($"Field {reader.Field} has {packed.Length} bytes, which is no number of 8-byte numbers.");
        for (; !packed.IsEmpty; packed = packed[8..])
            Put(target, convert(BinaryPrimitives.ReadUInt64LittleEndian(packed)));
    }

    // One more than fits: it is seen to be too many, and the rest takes no memory.
    private static void Put<T>(List<T> target, T value)
    {
        if (target.Count <= MaxBounds + 1)
            target.Add(value);
    }

    private static bool AreBuckets(List<double> bounds, List<long> buckets)
    {
        if (bounds.Count > MaxBounds || buckets.Count != bounds.Count + 1)
            return false;
        for (var i = 0; i < bounds.Count; i++)
        {
            if (!double.IsFinite(bounds[i]) || (i > 0 && bounds[i] <= bounds[i - 1]))
                return false;
        }

        return buckets.TrueForAll(count => count >= 0);
    }

    private static long UnZigZag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);
}
