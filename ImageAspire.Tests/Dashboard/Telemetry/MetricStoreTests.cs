using ImageAspire.Dashboard.Telemetry;

namespace ImageAspire.Tests.Dashboard.Telemetry;

public sealed class MetricStoreTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly Clock _clock = new();

    [Fact]
    public void Points_OfAnHour_ComeBackAsTheyWere()
    {
        var store = new MetricStore(new TelemetryLimits(), _clock);
        var random = new Random(1);
        List<MetricPoint> sent = [];
        for (var second = 0; second < 3_600; second++)
        {
            var value = second % 3 == 0 ? random.NextDouble() * 1e300 : second % 3 == 1 ? random.Next() : -sent[^1].Value;
            sent.Add(new MetricPoint(At(second - 3_600), value));
            Add(store, InstrumentKind.Gauge, sent[^1]).ShouldBeTrue();
        }

        Points(store).ShouldBe(sent);
    }

    [Fact]
    public void Histograms_OfAnHour_ComeBackAsTheyWere()
    {
        var store = new MetricStore(new TelemetryLimits(), _clock);
        var random = new Random(2);
        var buckets = new long[4];
        List<MetricPoint> sent = [];
        for (var second = 0; second < 1_000; second++)
        {
            buckets[random.Next(4)] += random.Next(1_000);
            double[] bounds = second < 500 ? [1, 2, 5] : [1, 2, 6];
            sent.Add(new MetricPoint(At(second - 1_000), second * 0.1, buckets.Sum(), [.. buckets], bounds));
            Add(store, InstrumentKind.Histogram, sent[^1]);
        }

        var read = Points(store);
        read.Count.ShouldBe(sent.Count);
        foreach (var (point, expected) in read.Zip(sent))
        {
            (point.Time, point.Value, point.Count).ShouldBe((expected.Time, expected.Value, expected.Count));
            point.Buckets.ShouldBe(expected.Buckets);
            point.Bounds.ShouldBe(expected.Bounds);
        }
    }

    [Fact]
    public void Points_OfOneSecond_TheLastStays()
    {
        var store = new MetricStore(new TelemetryLimits(), _clock);
        foreach (var milliseconds in (int[])[-2_000, -1_900, -1_100, -1_000])
            Add(store, InstrumentKind.Gauge, new MetricPoint(At(0) + (milliseconds * 1_000_000L), milliseconds));

        Points(store).Select(point => point.Value).ShouldBe([-1_100, -1_000]);
    }

    [Fact]
    public void Deltas_AreAddedUp()
    {
        var store = new MetricStore(new TelemetryLimits(), _clock);
        Add(store, InstrumentKind.Counter, new MetricPoint(At(-3), 5), isDelta: true);
        Add(store, InstrumentKind.Counter, new MetricPoint(At(-2), 7), isDelta: true);
        // Sent again: its sender did not hear the answer. It is not counted twice.
        Add(store, InstrumentKind.Counter, new MetricPoint(At(-3), 5), isDelta: true).ShouldBeFalse();

        Points(store).Select(point => point.Value).ShouldBe([5, 12]);
    }

    [Fact]
    public void DeltaHistograms_WithOtherBounds_AreAddedUp()
    {
        var store = new MetricStore(new TelemetryLimits(), _clock);
        Add(store, InstrumentKind.Histogram, new MetricPoint(At(-2), 3, 3, [1, 2, 0], [1, 2]), isDelta: true);
        Add(store, InstrumentKind.Histogram, new MetricPoint(At(-1), 9, 2, [0, 1, 1], [2, 4]), isDelta: true);

        var sum = Points(store)[^1];
        sum.Bounds.ShouldBe([1, 2, 4]);
        sum.Buckets.ShouldBe([1, 2, 1, 1]);
        (sum.Value, sum.Count).ShouldBe((12, 5));
    }

    [Fact]
    public void Since_IsKnownOfTheFirstPointOfASeriesOnly()
    {
        var store = new MetricStore(new TelemetryLimits(), _clock);
        Add(store, InstrumentKind.Counter, new MetricPoint(At(-2), 1, Since: At(-60)));
        Points(store).Select(point => point.Since).ShouldBe([At(-60)]);

        Add(store, InstrumentKind.Counter, new MetricPoint(At(-1), 2, Since: At(-60)));
        Add(store, InstrumentKind.Counter, new MetricPoint(At(0), 3, Since: At(-60)));

        Points(store).Select(point => point.Since).ShouldBe([At(-60), 0, 0]);
        store.Find("api", "ImageAspire", "m", At(-1))!.Value.Series.Single().Points.Select(point => point.Since).ShouldBe([0, 0]);
    }

    [Fact]
    public void Series_MoreThanTheLimit_AreNotTakenAndCounted()
    {
        var store = new MetricStore(new TelemetryLimits { MetricSeries = 2 }, _clock);
        for (var i = 0; i < 5; i++)
            Add(store, InstrumentKind.Gauge, new MetricPoint(At(-1), i), attribute: $"{i}").ShouldBe(i < 2);

        (store.State.Items, store.State.Dropped).ShouldBe((2, 3));
    }

    [Fact]
    public void Series_NoLongerSent_MakesRoomAfterAnHour()
    {
        var store = new MetricStore(new TelemetryLimits { MetricSeries = 1 }, _clock);
        for (var second = 0; second < 600; second++)
            Add(store, InstrumentKind.Gauge, new MetricPoint(At(second - 600), second), attribute: "old");
        _clock.Now += TimeSpan.FromMinutes(61);

        Add(store, InstrumentKind.Gauge, new MetricPoint(At(61 * 60), 1), attribute: "new").ShouldBeTrue();

        store.Find("api", "ImageAspire", "m", 0)!.Value.Series.Single().Attributes.Single().Value.ShouldBe("new");
        var after = store.State.Bytes;
        var fresh = new MetricStore(new TelemetryLimits(), _clock);
        Add(fresh, InstrumentKind.Gauge, new MetricPoint(At(61 * 60), 1), attribute: "new");
        after.ShouldBe(fresh.State.Bytes);
    }

    [Fact]
    public void Points_MoreThanTheBytes_TheOldestGo()
    {
        var store = new MetricStore(new TelemetryLimits { BytesPerStore = 20_000 }, _clock);
        var random = new Random(3);
        for (var second = 0; second < 3_600; second++)
            Add(store, InstrumentKind.Gauge, new MetricPoint(At(second - 3_600), random.NextDouble()));

        store.State.Bytes.ShouldBeLessThan(20_000);
        var points = Points(store);
        points[^1].Time.ShouldBe(At(-1));
        (points.Count + store.State.Dropped).ShouldBe(3_600);
    }

    [Fact]
    public void Series_WithLongAttributes_StayWithinTheBytes()
    {
        var store = new MetricStore(new TelemetryLimits { BytesPerStore = 1_000_000 }, _clock);
        for (var i = 0; i < 200; i++)
            Add(store, InstrumentKind.Gauge, new MetricPoint(At(-1), i), attribute: new string('x', 10_000) + i);

        store.State.Bytes.ShouldBeLessThan(1_000_000);
        store.State.Items.ShouldBeGreaterThan(10);
        (store.State.Items + store.State.Dropped).ShouldBe(200);
    }

    [Fact]
    public void Histograms_WithManyBuckets_StayWithinTheBytes()
    {
        var store = new MetricStore(new TelemetryLimits { BytesPerStore = 1_000_000 }, _clock);
        double[] bounds = [.. Enumerable.Range(1, 500)];
        for (var second = 0; second < 100; second++)
        {
            for (var series = 0; series < 20; series++)
            {
                long[] buckets = [.. Enumerable.Range(0, 501).Select(i => (long)(i * (second + 1)))];
                Add(store, InstrumentKind.Histogram, new MetricPoint(At(second - 100), second, buckets.Sum(), buckets, bounds), attribute: $"{series}");
            }
        }

        store.State.Bytes.ShouldBeLessThan(1_000_000);
        store.State.Dropped.ShouldBeGreaterThan(0);
        Points(store, series: 19)[^1].Time.ShouldBe(At(-1));
    }

    [Fact]
    public void Point_FromTheFuture_IsOfNow()
    {
        var store = new MetricStore(new TelemetryLimits(), _clock);
        Add(store, InstrumentKind.Gauge, new MetricPoint(At(86_400), 1)).ShouldBeTrue();
        _clock.Now += TimeSpan.FromSeconds(5);
        Add(store, InstrumentKind.Gauge, new MetricPoint(At(5), 2)).ShouldBeTrue();

        Points(store).Select(point => point.Value).ShouldBe([1, 2]);
    }

    [Fact]
    public void Instrument_ThatBecomesAnother_BeginsAnew()
    {
        var store = new MetricStore(new TelemetryLimits(), _clock);
        Add(store, InstrumentKind.Gauge, new MetricPoint(At(-2), 1));
        Add(store, InstrumentKind.Counter, new MetricPoint(At(-1), 2));

        store.Instruments("api").Single().Kind.ShouldBe(InstrumentKind.Counter);
        Points(store).Select(point => point.Value).ShouldBe([2]);
    }

    [Fact]
    public void Exemplars_AreTheLastTwenty()
    {
        var store = new MetricStore(new TelemetryLimits(), _clock);
        for (var i = 1; i <= 30; i++)
        {
            var exemplar = new Exemplar(At(-40 + i), i, new TraceId(1), new SpanId((ulong)i));
            store.Add(Of(InstrumentKind.Gauge), [], new MetricPoint(At(-40 + i), i), false, [exemplar, exemplar]);
        }

        store.Find("api", "ImageAspire", "m", 0)!.Value.Series.Single().Exemplars.Select(one => one.Value).ShouldBe(Enumerable.Range(11, 20).Select(i => (double)i));
    }

    [Fact]
    public void Find_WithAStep_HasTheLastPointOfEach()
    {
        var store = new MetricStore(new TelemetryLimits(), _clock);
        for (var second = -600; second < 0; second++)
            Add(store, InstrumentKind.Counter, new MetricPoint(At(second), second));

        var points = store.Find("api", "ImageAspire", "m", At(-300), step: 60_000_000_000)!.Value.Series.Single().Points;

        points.Select(point => point.Value).ShouldBe([-241, -181, -121, -61, -1]);
    }

    private static long At(double seconds) => (Now.ToUnixTimeMilliseconds() * 1_000_000) + (long)(seconds * 1e9);

    private static Instrument Of(InstrumentKind kind) => new(Sample.Resource("api"), Sample.Scope, "m", "", "s", kind);

    private static bool Add(MetricStore store, InstrumentKind kind, MetricPoint point, bool isDelta = false, string? attribute = null) =>
        store.Add(Of(kind), attribute is null ? [] : [new TelemetryAttribute("k", attribute)], point, isDelta, []);

    private static IReadOnlyList<MetricPoint> Points(MetricStore store, int series = 0) => store.Find("api", "ImageAspire", "m", 0)!.Value.Series[series].Points;

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = MetricStoreTests.Now;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
