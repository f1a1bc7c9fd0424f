using ImageAspire.Dashboard.Telemetry;

namespace ImageAspire.Dashboard.Components.Metrics;

/// <summary>One line out of several series.</summary>
internal static class Combine
{
    /// <summary>The sum of the series' values at each step.</summary>
    public static IReadOnlyList<ChartPoint> Values(IReadOnlyList<MetricSeries> series, ChartWindow window) =>
        Sum([.. series.Select(one => Deltas.Thin(one.Points, window.Step).ConvertAll(point => new Stretch(point.Time - 1, point.Time, point.Time + window.Gap, point.Value)))], window);

    /// <summary>The sum of the series' growth per second at each step; for histograms of the number of measurements.</summary>
    public static IReadOnlyList<ChartPoint> Rates(IReadOnlyList<IReadOnlyList<Delta>> deltas, ChartWindow window) =>
        Sum([.. deltas.Select(list => list.Select(delta => Rate(delta, window)).ToList())], window);

    /// <summary>A percentile of what the series measured in each step. Series whose buckets differ from those of the first are left out of that step.</summary>
    public static IReadOnlyList<ChartPoint> Percentile(IReadOnlyList<IReadOnlyList<Delta>> deltas, double share, ChartWindow window)
    {
        var points = new List<ChartPoint>();
        foreach (var step in deltas.SelectMany(list => list).Where(delta => delta.Buckets is not null).GroupBy(delta => Deltas.Column(delta.Time, window.Step)).OrderBy(step => step.Key))
        {
            if (Merge([.. step]) is var (time, buckets, bounds) && window.Holds(time) && Percentiles.Of(buckets, bounds, share) is { } value)
                points.Add(new ChartPoint(time, value));
        }

        return points;
    }

    private static (long Time, long[] Buckets, double[] Bounds) Merge(IReadOnlyList<Delta> deltas)
    {
        var (buckets, bounds) = ((long[])deltas[0].Buckets!.Clone(), deltas[0].Bounds ?? []);
        foreach (var delta in deltas.Skip(1))
        {
            if (delta.Buckets!.Length != buckets.Length || !(delta.Bounds ?? []).AsSpan().SequenceEqual(bounds))
                continue;
            for (var bucket = 0; bucket < buckets.Length; bucket++)
                buckets[bucket] += delta.Buckets[bucket];
        }

        return (deltas.Max(delta => delta.Time), buckets, bounds);
    }

    private static Stretch Rate(Delta delta, ChartWindow window) =>
        new(delta.Time - (long)(delta.Seconds * 1e9), delta.Time, delta.Time + window.Step, (delta.Buckets is null ? delta.Value : delta.Count) / delta.Seconds);

    /// <summary>A value, when it was measured, and the times that it is good for: after one, and not after the other.</summary>
    private readonly record struct Stretch(long After, long Time, long Until, double Value);

    // Series are not measured at the same moment. A step is drawn when any of them was measured in it; the others then count with the
    // value that they have at that time: the last known one, or the rate of the stretch that the time lies in.
    private static List<ChartPoint> Sum(IReadOnlyList<List<Stretch>> series, ChartWindow window)
    {
        var times = series.SelectMany(list => list).GroupBy(stretch => Deltas.Column(stretch.Time, window.Step))
            .Select(step => step.Max(stretch => stretch.Time)).Where(window.Holds).Order().ToList();
        var latest = new int[series.Count];
        var points = new List<ChartPoint>(times.Count);
        foreach (var time in times)
        {
            double sum = 0;
            for (var index = 0; index < series.Count; index++)
            {
                var list = series[index];
                while (latest[index] + 1 < list.Count && list[latest[index] + 1].After < time)
                    latest[index]++;
                if (list.Count > 0 && list[latest[index]] is var stretch && stretch.After < time && time <= stretch.Until)
                    sum += stretch.Value;
            }

            points.Add(new ChartPoint(time, sum));
        }

        return points;
    }
}
