using ImageAspire.Dashboard.Components.Metrics;
using ImageAspire.Dashboard.Telemetry;

namespace ImageAspire.Tests.Dashboard.Pages;

/// <summary>Percentiles and growth, against numbers calculated by hand.</summary>
public sealed class PercentilesTests
{
    private const long Second = 1_000_000_000;
    private static readonly double[] Bounds = [10, 20, 40];

    [Theory]
    [InlineData(0.5, 15)] // 10 of 20: the 6th of the 12 in 10–20 (4 are below): 10 + 10 × 6/12
    [InlineData(0.9, 40)] // 18 of 20: the 2nd of the 2 in 20–40: 20 + 20 × 2/2
    [InlineData(0.1, 5)] // 2 of 20: the 2nd of the 4 in 0–10: 10 × 2/4
    [InlineData(0.99, 40)] // above the last bound: no more is known than that
    [InlineData(0.8, 20)] // 16 of 20: the end of the second bucket
    public void Percentile_Bucket_IsInterpolatedWithin(double share, double expected) =>
        Percentiles.Of([4, 12, 2, 2], Bounds, share)!.Value.ShouldBe(expected, 1e-9);

    [Fact]
    public void Percentile_NothingCounted_IsUnknown()
    {
        Percentiles.Of([0, 0, 0, 0], Bounds, 0.5).ShouldBeNull();
        Percentiles.Of([3], [], 0.5).ShouldBeNull();
    }

    [Fact]
    public void Percentile_BoundsBelowZero_BeginAtTheLowestBound() => Percentiles.Of([4, 4], [-10], 0.25)!.Value.ShouldBe(-10);

    [Fact]
    public void Deltas_CounterThatStartsAgain_CountsFromZero()
    {
        var deltas = Deltas.Of([Total(0, 100), Total(1, 130), Total(2, 20), Total(4, 50)], Second);

        deltas.Select(delta => (delta.Value, delta.Seconds)).ShouldBe([(30d, 1d), (20d, 1d), (30d, 2d)]);
    }

    [Fact]
    public void Deltas_HistogramThatStartsAgain_CountsFromZero()
    {
        var deltas = Deltas.Of([Counts(0, 5, 5, 5, 5), Counts(1, 6, 7, 5, 5), Counts(2, 1, 0, 0, 0)], Second);

        deltas.Select(delta => delta.Count).ShouldBe([3, 1]);
        deltas[0].Buckets.ShouldBe([1, 2, 0, 0]);
        deltas[1].Buckets.ShouldBe([1, 0, 0, 0]);
    }

    [Fact]
    public void Deltas_FirstPointOfASeries_CountsSinceItsBeginning()
    {
        var deltas = Deltas.Of([Counts(3, 0, 2, 0, 0) with { Since = Second }, Counts(4, 0, 2, 1, 0)], Second);

        deltas.Select(delta => (delta.Time, delta.Seconds, delta.Count)).ShouldBe([(3 * Second, 2, 2), (4 * Second, 1, 1)]);
        deltas[0].Buckets.ShouldBe([0, 2, 0, 0]);
        Deltas.Of([Counts(3, 0, 2, 0, 0)], Second).ShouldBeEmpty("nobody knows since when");
    }

    [Fact]
    public void Deltas_OtherBounds_AreANewStart()
    {
        var deltas = Deltas.Of([Counts(0, 5, 5, 5, 5), Counts(1, 6, 6, 6, 6) with { Bounds = [1, 2, 3] }], Second);

        deltas.Single().Count.ShouldBe(24);
    }

    [Fact]
    public void Deltas_LongerSteps_KeepTheLastPointOfEach()
    {
        var deltas = Deltas.Of([.. Enumerable.Range(0, 60).Select(second => Total(second, second * 2))], 10 * Second);

        deltas.Count.ShouldBe(5);
        deltas.ShouldAllBe(delta => delta.Value == 20 && delta.Seconds == 10);
    }

    [Fact]
    public void Rates_SeriesOfDifferentMoments_AreAddedUp()
    {
        var window = new ChartWindow(0, 10 * Second, Second);
        var one = Deltas.Of([Total(0, 0), Total(1, 10), Total(2, 20), Total(3, 30)], Second);
        var other = Deltas.Of([At(200_000_000, 0), At(1_200_000_000, 5), At(2_200_000_000, 10), At(3_200_000_000, 15)], Second);

        var points = Combine.Rates([one, other], window);

        points.Select(point => point.Value).ShouldBe([15, 15, 15]); // 10/s and 5/s
    }

    [Fact]
    public void Values_SeriesThatIsSilent_CountsWithItsLastValueForAWhileOnly()
    {
        var window = new ChartWindow(0, 60 * Second, Second);
        var lively = new MetricSeries([], [.. Enumerable.Range(1, 40).Select(second => Total(second, 1))], []);
        var silent = new MetricSeries([], [Total(1, 100)], []);

        var points = Combine.Values([lively, silent], window);

        points.Single(point => point.Time == 10 * Second).Value.ShouldBe(101);
        points.Single(point => point.Time == 40 * Second).Value.ShouldBe(1);
    }

    [Fact]
    public void Percentile_SeveralSeries_AreMergedBucketByBucket()
    {
        var window = new ChartWindow(0, 10 * Second, Second);
        var one = Deltas.Of([Counts(1, 0, 0, 0, 0), Counts(2, 4, 0, 0, 0)], Second);
        var other = Deltas.Of([Counts(1, 0, 0, 0, 0), Counts(2, 0, 12, 2, 2)], Second);

        Combine.Percentile([one, other], 0.5, window).ShouldBe([new ChartPoint(2 * Second, 15)]);
    }

    private static MetricPoint Total(int second, double value) => At(second * Second, value);

    private static MetricPoint At(long time, double value) => new(time, value);

    private static MetricPoint Counts(int second, params long[] buckets) => new(second * Second, 0, buckets.Sum(), buckets, Bounds);
}
