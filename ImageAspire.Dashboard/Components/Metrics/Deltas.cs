using ImageAspire.Dashboard.Telemetry;

namespace ImageAspire.Dashboard.Components.Metrics;

/// <summary>What happened between two points of a series.</summary>
/// <param name="Time">When it ended, in nanoseconds since 1970-01-01 UTC.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Value">How much a sum grew. For gauges and sums that shrink: the value at the end.</param>
/// <param name="Count">How many measurements a histogram took.</param>
/// <param name="Buckets">How many fell into each bucket; null when it is no histogram.</param>
/// <param name="Bounds">Bounds of the buckets; null when it is no histogram.</param>
internal sealed record Delta(long Time, double Seconds, double Value, long Count, long[]? Buckets, double[]? Bounds);

/// <summary>Growth out of totals.</summary>
internal static class Deltas
{
    /// <summary>
    /// The growth from point to point. A total that got smaller, or other buckets than before, mean that the process was started again:
    /// it counts from zero, so all of its total is growth. So is all of the first total of a series, when it is known since when it counts.
    /// </summary>
    /// <param name="points">Totals, in order of time.</param>
    /// <param name="step">The least time between two points, in nanoseconds: of those that are closer only the last is taken, so that a chart of an hour is no heavier than one of a minute.</param>
    public static List<Delta> Of(IReadOnlyList<MetricPoint> points, long step)
    {
        var thinned = Thin(points, step);
        var deltas = new List<Delta>(thinned.Count);
        if (thinned.Count > 0 && thinned[0] is { Since: > 0 } first && first.Since < first.Time)
            deltas.Add(new Delta(first.Time, (first.Time - first.Since) / 1e9, first.Value, first.Count, first.Buckets, first.Bounds));
        for (var index = 1; index < thinned.Count; index++)
        {
            var (before, now) = (thinned[index - 1], thinned[index]);
            if (now.Time > before.Time)
                deltas.Add(Between(before, now));
        }

        return deltas;
    }

    /// <summary>The last point of every step.</summary>
    public static List<MetricPoint> Thin(IReadOnlyList<MetricPoint> points, long step)
    {
        var kept = new List<MetricPoint>();
        foreach (var point in points)
        {
            if (kept.Count > 0 && Column(kept[^1].Time, step) == Column(point.Time, step))
                kept[^1] = point with { Since = kept[^1].Since };
            else
                kept.Add(point);
        }

        return kept;
    }

    /// <summary>Which step a time is in. The steps' limits are the same for all series, and stay where they are while time goes on.</summary>
    public static long Column(long time, long step) => time / step;

    private static Delta Between(MetricPoint before, MetricPoint now)
    {
        var seconds = (now.Time - before.Time) / 1e9;
        if (now.Buckets is not { } buckets)
            return new Delta(now.Time, seconds, now.Value < before.Value ? now.Value : now.Value - before.Value, 0, null, null);
        if (HasRestarted(before, now, buckets))
            return new Delta(now.Time, seconds, now.Value, now.Count, buckets, now.Bounds);
        var grown = new long[buckets.Length];
        for (var bucket = 0; bucket < grown.Length; bucket++)
            grown[bucket] = buckets[bucket] - before.Buckets![bucket];
        return new Delta(now.Time, seconds, now.Value - before.Value, now.Count - before.Count, grown, now.Bounds);
    }

    private static bool HasRestarted(MetricPoint before, MetricPoint now, long[] buckets)
    {
        if (now.Count < before.Count || before.Buckets is not { } earlier || earlier.Length != buckets.Length
            || !(now.Bounds ?? []).AsSpan().SequenceEqual(before.Bounds ?? []))
        {
            return true;
        }

        for (var bucket = 0; bucket < buckets.Length; bucket++)
        {
            if (buckets[bucket] < earlier[bucket])
                return true;
        }

        return false;
    }
}
