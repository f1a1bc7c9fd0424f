namespace ImageAspire.Core.Stores;

/// <summary>A histogram of durations whose buckets grow by a quarter: bucket n holds 1.25ⁿ to 1.25ⁿ⁺¹ milliseconds.</summary>
public static class DurationHistogram
{
    private const double Growth = 1.25;

    /// <summary>The bucket of a duration; less than a millisecond counts as one.</summary>
    public static int BucketOf(TimeSpan duration) => (int)Math.Floor(Math.Log(Math.Max(1, duration.TotalMilliseconds)) / Math.Log(Growth));

    /// <summary>A percentile (nearest rank), in seconds: the geometric middle of its bucket, so at most 12 % off. Null without any.</summary>
    /// <param name="buckets">Bucket and count.</param>
    /// <param name="share">0.5 for the median.</param>
    public static double? Percentile(IReadOnlyList<(int Bucket, long Count)> buckets, double share)
    {
        ArgumentNullException.ThrowIfNull(buckets);
        var rank = (long)Math.Ceiling(share * buckets.Sum(b => b.Count));
        foreach (var (bucket, count) in buckets.OrderBy(b => b.Bucket))
        {
            rank -= count;
            if (rank <= 0)
                return Math.Round(Math.Pow(Growth, bucket + 0.5) / 1000, 3, MidpointRounding.AwayFromZero);
        }

        return null;
    }
}
