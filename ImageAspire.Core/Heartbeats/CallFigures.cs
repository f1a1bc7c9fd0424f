namespace ImageAspire.Core.Heartbeats;

/// <summary>Who called whom in one process, and how it went, over the last five minutes.</summary>
/// <param name="Caller">A stage, <c>api</c>, or <c>webhook sender</c>; <c>topic</c> where it delivers to a stage.</param>
/// <param name="Called">One of <see cref="DependencyNames"/>, or <c>subscribers</c> outside; the stage where the topic is the caller.</param>
/// <param name="Calls">How many calls ended.</param>
/// <param name="Failed">How many of them failed.</param>
/// <param name="Durations">How many took how long, by the bucket of <c>DurationHistogram</c>.</param>
public sealed record CallFigures(string Caller, string Called, long Calls, long Failed, IReadOnlyList<long> Durations)
{
    /// <summary>Over how long calls are counted.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    /// <summary>The figures of several processes together, by caller and called.</summary>
    public static IReadOnlyList<CallFigures> Sum(IEnumerable<CallFigures> all) => [.. all
        .GroupBy(one => (one.Caller, one.Called))
        .Select(same => new CallFigures(same.Key.Caller, same.Key.Called, same.Sum(one => one.Calls), same.Sum(one => one.Failed), SumDurations([.. same])))
        .OrderBy(one => one.Caller, StringComparer.Ordinal).ThenBy(one => one.Called, StringComparer.Ordinal)];

    private static long[] SumDurations(IReadOnlyList<CallFigures> all)
    {
        var sum = new long[all.Max(one => one.Durations.Count)];
        foreach (var one in all)
        {
            for (var bucket = 0; bucket < one.Durations.Count; bucket++)
                sum[bucket] += one.Durations[bucket];
        }

        return sum;
    }
}
