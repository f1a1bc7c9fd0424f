namespace ImageAspire.Dashboard.Otlp;

/// <summary>
/// Exponential histograms with explicit bounds. Bucket i of scale s holds the values in (b^i, b^(i+1)] with b = 2^(2^-s) (OpenTelemetry
/// metrics data model). Here buckets are put together until four of them, or fewer, make a power of two (bounds 19 % apart), which is
/// exact, and the range is widened to whole powers of four, so that bounds stay the same while values vary.
/// </summary>
internal static class ExponentialBuckets
{
    private const int FinestScale = 2;
    private const int Alignment = 8;

    /// <returns>Null when there are too many buckets, or counts below zero.</returns>
    public static (double[] Bounds, long[] Counts)? ToExplicit(
        int scale, long zeros, (int Offset, List<long> Counts) positive, (int Offset, List<long> Counts) negative)
    {
        if (positive.Counts.Count > HistogramReader.MaxBounds || negative.Counts.Count > HistogramReader.MaxBounds
            || positive.Counts.Exists(count => count < 0) || negative.Counts.Exists(count => count < 0))
        {
            return null;
        }

        for (var target = Math.Min(scale, FinestScale); ; target--)
        {
            var (shift, above, below) = (Math.Min(scale - target, 31), Range(positive, scale - target), Range(negative, scale - target));
            if (Length(above) + Length(below) > HistogramReader.MaxBounds - 2)
                continue; // coarser: each step halves it
            var counts = new long[Length(below) + 1 + Length(above)];
            if (below is { } low)
                Spread(negative, shift, counts, index => low.High - index);
            if (above is { } high)
                Spread(positive, shift, counts, index => Length(below) + 1 + index - high.Low);
            counts[Length(below)] += zeros;
            return Merge(UpperBounds(target, above, below), counts);
        }
    }

    // Those of the negative buckets, then that of the bucket with zero, then those of the positive buckets.
    private static IEnumerable<double> UpperBounds(int scale, (int Low, int High)? above, (int Low, int High)? below)
    {
        for (var index = below?.High ?? -1; index >= (below?.Low ?? 0); index--)
            yield return -Bound(scale, index);
        yield return above is { } first ? Bound(scale, first.Low) : 0;
        for (var index = above?.Low ?? 0; index <= (above?.High ?? -1); index++)
            yield return Bound(scale, index + 1);
    }

    private static double Bound(int scale, int index) => Math.Min(Math.Pow(2, Math.ScaleB(index, -scale)), double.MaxValue);

    // Widened beyond what a number can hold, neighbours have the same bound: they are one bucket.
    private static (double[] Bounds, long[] Counts) Merge(IEnumerable<double> upperBounds, long[] counts)
    {
        var (bounds, merged) = (new List<double>(), new List<long>());
        foreach (var (bound, count) in upperBounds.Zip(counts))
        {
            if (bounds.Count > 0 && bound <= bounds[^1])
            {
                merged[^1] += count;
                continue;
            }

            bounds.Add(bound);
            merged.Add(count);
        }

        merged.Add(0); // nothing lies above the last bound
        return ([.. bounds], [.. merged]);
    }

    private static int Length((int Low, int High)? range) => range is { } some ? some.High - some.Low + 1 : 0;

    private static (int Low, int High)? Range((int Offset, List<long> Counts) buckets, int shift)
    {
        var first = buckets.Counts.FindIndex(count => count > 0);
        if (first < 0)
            return null;
        var low = Shift(buckets.Offset + first, shift);
        var high = Shift(buckets.Offset + buckets.Counts.FindLastIndex(count => count > 0), shift);
        return (low - Modulo(low), high - Modulo(high) + Alignment - 1);
    }

    private static int Modulo(int index) => ((index % Alignment) + Alignment) % Alignment;

    private static int Shift(int index, int shift) => index >> Math.Min(shift, 31);

    private static void Spread((int Offset, List<long> Counts) buckets, int shift, long[] counts, Func<int, int> place)
    {
        for (var i = 0; i < buckets.Counts.Count; i++)
        {
            if (buckets.Counts[i] > 0)
                counts[place(Shift(buckets.Offset + i, shift))] += buckets.Counts[i];
        }
    }
}
