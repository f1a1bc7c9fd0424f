using ImageAspire.Dashboard.Telemetry;

namespace ImageAspire.Dashboard.Otlp;

/// <summary>
/// Reads metrics: gauges, sums, histograms. Exponential histograms get explicit bounds (<see cref="ExponentialBuckets"/>); of a summary its
/// count and its sum are kept, as of a histogram with one bucket.
/// </summary>
/// <param name="context">What the readers share.</param>
internal sealed class MetricReader(ReaderContext context) : SignalReader(context)
{
    private const int NameLength = 256;
    private const int DescriptionLength = 1_024;
    private const ulong Delta = 1;
    private const int PointBytes = 200;

    private static readonly int[] Kinds =
    [
        OtlpFields.Metric.Gauge, OtlpFields.Metric.Sum, OtlpFields.Metric.Histogram, OtlpFields.Metric.ExponentialHistogram, OtlpFields.Metric.Summary,
    ];

    private readonly List<Pending> _pending = [];

    protected override void Read(TelemetryResource resource, TelemetryScope scope, ReadOnlySpan<byte> item)
    {
        var (name, description, unit) = ("", "", "");
        var field = 0;
        ReadOnlySpan<byte> data = default;
        var reader = new WireReader(item);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case OtlpFields.Metric.Name:
                    name = Texts.Get(reader.Bytes(), NameLength);
                    break;
                case OtlpFields.Metric.Description:
                    description = Texts.Get(reader.Bytes(), DescriptionLength);
                    break;
                case OtlpFields.Metric.Unit:
                    unit = Texts.Get(reader.Bytes(), NameLength);
                    break;
                case OtlpFields.Metric.Gauge or OtlpFields.Metric.Sum or OtlpFields.Metric.Histogram
                    or OtlpFields.Metric.ExponentialHistogram or OtlpFields.Metric.Summary:
                    field = reader.Field;
                    data = reader.Bytes();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        if (name.Length == 0)
            Reject(WireReader.Count(data, OtlpFields.Data.Points), "A metric needs a name.");
        else
            ReadData(new Instrument(resource, scope, name, description, unit, KindOf(field, data)), field, data);
    }

    protected override int Count(ReadOnlySpan<byte> item)
    {
        var points = 0;
        foreach (var field in Kinds)
            points += WireReader.Count(WireReader.Find(item, field), OtlpFields.Data.Points);
        return points;
    }

    protected override void Commit()
    {
        foreach (var one in _pending)
        {
            if (!Store.Metrics.Add(one.Instrument, one.Attributes, one.Point, one.IsDelta, one.Exemplars))
                Reject(1, $"A point is older than the last one, or there are as many series already as are kept.");
        }
    }

    protected override void Clear() => _pending.Clear();

    private void ReadData(Instrument instrument, int field, ReadOnlySpan<byte> data)
    {
        var isDelta = IsDelta(data);
        var reader = new WireReader(data);
        while (reader.Next())
        {
            if (reader.Field == OtlpFields.Data.Points)
                ReadPoint(instrument, field, isDelta && field is not (OtlpFields.Metric.Gauge or OtlpFields.Metric.Summary), reader.Bytes());
            else
                reader.Skip();
        }
    }

    private void ReadPoint(Instrument instrument, int field, bool isDelta, ReadOnlySpan<byte> message)
    {
        var made = Texts.Made;
        var (result, attributesField, exemplarsField) = field switch
        {
            OtlpFields.Metric.Histogram =>
                (HistogramReader.Histogram(message), OtlpFields.HistogramPoint.Attributes, OtlpFields.HistogramPoint.Exemplars),
            OtlpFields.Metric.ExponentialHistogram =>
                (HistogramReader.Exponential(message), OtlpFields.ExponentialPoint.Attributes, OtlpFields.ExponentialPoint.Exemplars),
            OtlpFields.Metric.Summary => (PointReader.Summary(message), OtlpFields.SummaryPoint.Attributes, 0),
            _ => (PointReader.Number(message), OtlpFields.NumberPoint.Attributes, OtlpFields.NumberPoint.Exemplars),
        };
        if (result.IsEmpty)
            return; // the series goes on later
        if (result.Point is not { } point)
        {
            Reject(1, "A point has no finite value, or buckets that do not fit its bounds.");
            return;
        }

        var attributes = AttributeSets.Sorted(FewAttributes.Read(message, attributesField));
        var exemplars = PointReader.Exemplars(message, exemplarsField);
        Charge(PointBytes + TelemetrySize.OfAttributes(attributes.Length) + ((point.Buckets?.Length ?? 0) * 16L) + (exemplars.Count * 72L) + Texts.Made - made);
        _pending.Add(new Pending(instrument, attributes, point.Time == 0 ? point with { Time = Now } : point, isDelta, exemplars));
    }

    private static bool IsDelta(ReadOnlySpan<byte> data)
    {
        var temporality = 0UL;
        var reader = new WireReader(data);
        while (reader.Next())
        {
            if (reader.Field == OtlpFields.Data.Temporality)
                temporality = reader.Varint();
            else
                reader.Skip();
        }

        return temporality == Delta;
    }

    private static InstrumentKind KindOf(int field, ReadOnlySpan<byte> data)
    {
        if (field != OtlpFields.Metric.Sum)
            return field is OtlpFields.Metric.Gauge or 0 ? InstrumentKind.Gauge : InstrumentKind.Histogram;
        var kind = InstrumentKind.UpDownCounter;
        var reader = new WireReader(data);
        while (reader.Next())
        {
            if (reader.Field == OtlpFields.Data.IsMonotonic)
                kind = reader.Varint() != 0 ? InstrumentKind.Counter : InstrumentKind.UpDownCounter;
            else
                reader.Skip();
        }

        return kind;
    }

    private sealed record Pending(
        Instrument Instrument, TelemetryAttribute[] Attributes, MetricPoint Point, bool IsDelta, IReadOnlyList<Exemplar> Exemplars);
}
