using ImageAspire.Dashboard.Telemetry;

namespace ImageAspire.Dashboard.Otlp;

/// <summary>A point that was read.</summary>
/// <param name="Point">The point; null when it means nothing.</param>
/// <param name="Flags">OTLP's flags.</param>
internal readonly record struct PointResult(MetricPoint? Point, ulong Flags)
{
    private const ulong NoRecordedValue = 1;

    /// <summary>Whether it says that nothing was recorded.</summary>
    public bool IsEmpty => (Flags & NoRecordedValue) != 0;
}

/// <summary>Reads points of gauges, sums and summaries, and exemplars.</summary>
internal static class PointReader
{
    private const int MaxExemplars = 20;

    public static PointResult Number(ReadOnlySpan<byte> message)
    {
        var flags = 0UL;
        var (since, time, value) = (0L, 0L, double.NaN);
        var reader = new WireReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case OtlpFields.NumberPoint.Start:
                    since = SignalReader.Time(reader.Fixed64());
                    break;
                case OtlpFields.NumberPoint.Time:
                    time = SignalReader.Time(reader.Fixed64());
                    break;
                case OtlpFields.NumberPoint.Real:
                    value = reader.Double();
                    break;
                case OtlpFields.NumberPoint.Whole:
                    value = (long)reader.Fixed64();
                    break;
                case OtlpFields.NumberPoint.Flags:
                    flags = reader.Varint();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return new PointResult(double.IsFinite(value) ? new MetricPoint(time, value, Since: since) : null, flags);
    }

    public static PointResult Summary(ReadOnlySpan<byte> message)
    {
        var flags = 0UL;
        var (since, time, count, sum) = (0L, 0L, 0L, 0.0);
        var reader = new WireReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case OtlpFields.SummaryPoint.Start:
                    since = SignalReader.Time(reader.Fixed64());
                    break;
                case OtlpFields.SummaryPoint.Time:
                    time = SignalReader.Time(reader.Fixed64());
                    break;
                case OtlpFields.SummaryPoint.Count:
                    count = (long)reader.Fixed64();
                    break;
                case OtlpFields.SummaryPoint.Sum:
                    sum = reader.Double();
                    break;
                case OtlpFields.SummaryPoint.Flags:
                    flags = reader.Varint();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return new PointResult(count >= 0 && double.IsFinite(sum) ? new MetricPoint(time, sum, count, [count], [], since) : null, flags);
    }

    /// <summary>The last exemplars that belong to a trace.</summary>
    public static IReadOnlyList<Exemplar> Exemplars(ReadOnlySpan<byte> message, int field)
    {
        var skip = field == 0 ? 0 : WireReader.Count(message, field) - MaxExemplars;
        if (field == 0 || skip == -MaxExemplars)
            return [];
        var exemplars = new List<Exemplar>();
        var reader = new WireReader(message);
        while (reader.Next())
        {
            if (reader.Field != field || skip-- > 0)
                reader.Skip();
            else if (Exemplar(reader.Bytes()) is { } exemplar)
                exemplars.Add(exemplar);
        }

        return exemplars;
    }

    private static Exemplar? Exemplar(ReadOnlySpan<byte> message)
    {
        var (time, value) = (0L, double.NaN);
        var (traceId, spanId) = (default(TraceId), default(SpanId));
        var reader = new WireReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case OtlpFields.Exemplar.Time:
                    time = SignalReader.Time(reader.Fixed64());
                    break;
                case OtlpFields.Exemplar.Real:
                    value = reader.Double();
                    break;
                case OtlpFields.Exemplar.Whole:
                    value = (long)reader.Fixed64();
                    break;
                case OtlpFields.Exemplar.TraceId:
                    traceId = SignalReader.TraceIdOf(reader.Bytes());
                    break;
                case OtlpFields.Exemplar.SpanId:
                    spanId = SignalReader.SpanIdOf(reader.Bytes());
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return traceId.IsEmpty || !double.IsFinite(value) ? null : new Exemplar(time, value, traceId, spanId);
    }
}
