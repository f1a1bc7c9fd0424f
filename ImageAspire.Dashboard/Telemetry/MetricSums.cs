namespace ImageAspire.Dashboard.Telemetry;

/// <summary>Adds differences up to what there is since the start.</summary>
internal static class MetricSums
{
    // Buckets of two different divisions together; more than any instrument has.
    private const int MaxBounds = 1_024;

    /// <param name="total">What there is; null for nothing.</param>
    /// <param name="delta">What comes to it.</param>
    public static MetricPoint Add(MetricPoint? total, MetricPoint delta)
    {
        if (total is null)
            return delta;
        if (delta.Bounds is null || total.Bounds is null)
            return delta with { Value = total.Value + delta.Value, Count = total.Count + delta.Count };
        var bounds = total.Bounds.AsSpan().SequenceEqual(delta.Bounds) ? total.Bounds : Union(total.Bounds, delta.Bounds);
        if (bounds.Length > MaxBounds)
            return delta;
        var buckets = new long[bounds.Length + 1];
        Spread(total, bounds, buckets);
        Spread(delta, bounds, buckets);
        return delta with { Value = total.Value + delta.Value, Count = total.Count + delta.Count, Buckets = buckets, Bounds = bounds };
    }

    private static double[] Union(double[] one, double[] other)
    {
        double[] all = [.. one.Concat(other).Distinct()];
        Array.Sort(all);
        return all;
    }

    // A bucket goes to the one with the same upper bound: exact where the division of the other histogram only goes on beyond this one.
    private static void Spread(MetricPoint point, double[] bounds, long[] buckets)
    {
        for (var i = 0; i < point.Bounds!.Length; i++)
            buckets[Array.BinarySearch(bounds, point.Bounds[i])] += point.Buckets![i];
        buckets[^1] += point.Buckets![^1];
    }
}
