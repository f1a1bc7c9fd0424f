namespace ImageAspire.Dashboard.Components.Metrics;

/// <summary>Percentiles of what a histogram counted.</summary>
internal static class Percentiles
{
    /// <summary>
    /// The value below which a share of the measurements lies. A histogram only knows how many fell between two bounds, so they are taken
    /// to be spread evenly there: linear interpolation within the bucket, as Prometheus' <c>histogram_quantile</c> does. The lowest bucket
    /// begins at 0 (at its own bound when that is below 0). The highest has no end: what falls there is shown at its lower bound, which is
    /// all that is known.
    /// </summary>
    /// <param name="buckets">How many fell into each bucket.</param>
    /// <param name="bounds">Upper bounds of all buckets but the last.</param>
    /// <param name="share">The share, 0 to 1: 0.9 for P90.</param>
    /// <returns>The value; null when nothing was counted or nothing is known about the bounds.</returns>
    public static double? Of(ReadOnlySpan<long> buckets, ReadOnlySpan<double> bounds, double share)
    {
        double total = 0;
        foreach (var count in buckets)
            total += count;
        if (total <= 0 || bounds.Length == 0)
            return null;

        var rank = Math.Clamp(share, 0, 1) * total;
        double below = 0;
        for (var bucket = 0; bucket < buckets.Length; bucket++)
        {
            if (buckets[bucket] > 0 && below + buckets[bucket] >= rank)
                return Within(bucket, (rank - below) / buckets[bucket], bounds);
            below += buckets[bucket];
        }

        return bounds[^1];
    }

    private static double Within(int bucket, double share, ReadOnlySpan<double> bounds)
    {
        if (bucket >= bounds.Length)
            return bounds[^1];
        var upper = bounds[bucket];
        var lower = bucket > 0 ? bounds[bucket - 1] : Math.Min(0, upper);
        return lower + ((upper - lower) * share);
    }
}
