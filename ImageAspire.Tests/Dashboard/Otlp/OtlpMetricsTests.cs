using Google.Protobuf;
using ImageAspire.Dashboard.Telemetry;
using ImageAspire.OtlpWire;
using static ImageAspire.Tests.Dashboard.Otlp.OtlpSamples;
using Exemplar = ImageAspire.OtlpWire.Exemplar;

namespace ImageAspire.Tests.Dashboard.Otlp;

public sealed class OtlpMetricsTests : IAsyncLifetime
{
    private OtlpDashboard _dashboard = null!;

    public async Task InitializeAsync() => _dashboard = await OtlpDashboard.StartAsync();

    public async Task DisposeAsync() => await _dashboard.DisposeAsync();

    [Fact]
    public async Task Metrics_OfEveryKind_AreRead()
    {
        await _dashboard.SendAsync(Metrics("api",
            new Metric { Name = "gauge", Description = "d", Unit = "By", Gauge = new Gauge { DataPoints = { new NumberPoint { TimeUnixNano = Time, AsDouble = 1.5, Attributes = { Pair("b", "2"), Pair("a", "1") } } } } },
            new Metric { Name = "counter", Sum = new Sum { AggregationTemporality = 2, IsMonotonic = true, DataPoints = { new NumberPoint { TimeUnixNano = Time, AsInt = -3 } } } },
            new Metric { Name = "updown", Sum = new Sum { AggregationTemporality = 2, DataPoints = { new NumberPoint { TimeUnixNano = Time, AsInt = 4 } } } },
            new Metric
            {
                Name = "histogram",
                Histogram = new Histogram
                {
                    AggregationTemporality = 2,
                    DataPoints =
                    {
                        new HistogramPoint
                        {
                            TimeUnixNano = Time, Count = 6, Sum = 12, BucketCounts = { 1, 2, 3 }, ExplicitBounds = { 1, 5 },
                            Exemplars = { new Exemplar { TimeUnixNano = Time, AsDouble = 4, TraceId = TraceId(1), SpanId = SpanId(2) }, new Exemplar { AsDouble = 1 } },
                        },
                    },
                },
            },
            new Metric { Name = "summary", Summary = new Summary { DataPoints = { new SummaryPoint { TimeUnixNano = Time, Count = 2, Sum = 7 } } } }));

        _dashboard.Store.Metrics.Instruments("api").Select(one => (one.Name, one.Kind)).ShouldBe(
        [
            ("counter", InstrumentKind.Counter), ("gauge", InstrumentKind.Gauge), ("histogram", InstrumentKind.Histogram),
            ("summary", InstrumentKind.Histogram), ("updown", InstrumentKind.UpDownCounter),
        ]);
        var gauge = Series("gauge");
        gauge.Points.ShouldBe([new MetricPoint((long)Time, 1.5)]);
        gauge.Attributes.Select(one => one.Key).ShouldBe(["a", "b"]);
        Series("counter").Points[0].Value.ShouldBe(-3);
        var histogram = Series("histogram");
        histogram.Points[0].Buckets.ShouldBe([1, 2, 3]);
        histogram.Points[0].Bounds.ShouldBe([1, 5]);
        (histogram.Points[0].Value, histogram.Points[0].Count).ShouldBe((12, 6));
        histogram.Exemplars.Single().TraceId.ShouldBe(new TraceId(1));
        (Series("summary").Points[0].Value, Series("summary").Points[0].Count).ShouldBe((7, 2));
    }

    [Fact]
    public async Task ExponentialHistogram_GetsBoundsThatHoldItsBuckets()
    {
        // Scale 3: eight buckets for each power of two; bucket 8 is (2, 2^(9/8)].
        var point = new ExponentialPoint
        {
            TimeUnixNano = Time, Count = 16, Sum = 20, Scale = 3, ZeroCount = 4,
            Positive = new ExponentialPoint.Types.Buckets { Offset = 8, BucketCounts = { 1, 2, 3 } },
            Negative = new ExponentialPoint.Types.Buckets { Offset = 0, BucketCounts = { 6 } },
        };

        await _dashboard.SendAsync(Metrics("api", new Metric { Name = "e", ExponentialHistogram = new ExponentialHistogram { AggregationTemporality = 2, DataPoints = { point } } }));

        var read = Series("e").Points.Single();
        var (bounds, buckets) = (read.Bounds!, read.Buckets!);
        bounds.ShouldBeInOrder();
        buckets.Sum().ShouldBe(16);
        buckets.Length.ShouldBe(bounds.Length + 1);
        // Four buckets for each power of two: (2, 2^1.25] has the first two, (2^1.25, 2^1.5] the third.
        buckets[Array.FindIndex(bounds, bound => Math.Abs(bound - Math.Pow(2, 1.25)) < 1e-9)].ShouldBe(3);
        buckets[Array.FindIndex(bounds, bound => Math.Abs(bound - Math.Pow(2, 1.5)) < 1e-9)].ShouldBe(3);
        buckets[Array.FindIndex(bounds, bound => bound == -1)].ShouldBe(6);
        buckets[Array.FindIndex(bounds, bound => bound > 0)].ShouldBe(4);
    }

    [Theory]
    [InlineData(20, 1_000_000)]
    [InlineData(-10, 0)]
    [InlineData(0, 1_000)]
    [InlineData(0, -1_074)]
    public async Task ExponentialHistogram_OfExtremeScale_IsTaken(int scale, int offset)
    {
        var point = new ExponentialPoint { TimeUnixNano = Time, Count = 2, Scale = scale, Positive = new ExponentialPoint.Types.Buckets { Offset = offset, BucketCounts = { 1, 1 } } };

        await _dashboard.SendAsync(Metrics("api", new Metric { Name = "e", ExponentialHistogram = new ExponentialHistogram { AggregationTemporality = 2, DataPoints = { point } } }));

        var read = Series("e").Points.Single();
        read.Buckets!.Sum().ShouldBe(2);
        read.Bounds!.ShouldAllBe(bound => double.IsFinite(bound));
        read.Bounds!.Zip(read.Bounds!.Skip(1)).ShouldAllBe(pair => pair.First < pair.Second);
    }

    [Fact]
    public async Task Points_ThatMeanNothing_AreRejectedAndCounted()
    {
        HistogramPoint Histogram(ulong[] buckets, double[] bounds) => new() { TimeUnixNano = Time, BucketCounts = { buckets }, ExplicitBounds = { bounds } };
        var request = Metrics("api",
            new Metric { Name = "n", Gauge = new Gauge { DataPoints = { new NumberPoint { TimeUnixNano = Time }, new NumberPoint { TimeUnixNano = Time, AsDouble = double.NaN }, new NumberPoint { Flags = 1 } } } },
            new Metric { Name = "h", Histogram = new Histogram { AggregationTemporality = 2, DataPoints = { Histogram([1], [1, 2]), Histogram([1, 2, 3], [2, 1]), Histogram(new ulong[600], new double[599]) } } },
            new Metric { Gauge = new Gauge { DataPoints = { new NumberPoint { TimeUnixNano = Time, AsInt = 1 } } } });

        using var response = await _dashboard.PostAsync("/v1/metrics", request.ToByteArray());

        var partial = ExportResponse.Parser.ParseFrom(await response.Content.ReadAsByteArrayAsync()).PartialSuccess;
        partial.Rejected.ShouldBe(6);
        _dashboard.Store.Metrics.Instruments(null).ShouldBeEmpty();
    }

    private static ulong Time { get; } = (ulong)TimeProvider.System.GetUtcNow().AddSeconds(-5).ToUnixTimeMilliseconds() * 1_000_000;

    private MetricSeries Series(string name) => _dashboard.Store.Metrics.Find("api", "ImageAspire", name, 0)!.Value.Series.Single();
}
