namespace ImageAspire.Dashboard.Components.Metrics;

/// <summary>The time that a chart shows.</summary>
/// <param name="From">Its beginning, in nanoseconds since 1970-01-01 UTC.</param>
/// <param name="To">Its end.</param>
/// <param name="Step">How far points are apart at least; a chart has 60 of them.</param>
public readonly record struct ChartWindow(long From, long To, long Step)
{
    private const long Minute = 60_000_000_000;

    /// <summary>How long a chart can be, in minutes, with what it is called.</summary>
    public static IReadOnlyList<(int Minutes, string Label)> Choices { get; } =
        [(1, "Last 1 minute"), (5, "Last 5 minutes"), (15, "Last 15 minutes"), (30, "Last 30 minutes"), (60, "Last hour")];

    /// <summary>The last minutes.</summary>
    /// <param name="now">The end.</param>
    /// <param name="duration">Minutes, as in an address; 5 when it is none of <see cref="Choices"/>.</param>
    public static ChartWindow Last(DateTimeOffset now, string? duration)
    {
        var minutes = Minutes(duration);
        var to = (now - DateTimeOffset.UnixEpoch).Ticks * 100;
        return new ChartWindow(to - (minutes * Minute), to, minutes * Minute / 60);
    }

    /// <summary>The choice that an address names.</summary>
    public static int Minutes(string? duration)
    {
        foreach (var (minutes, _) in Choices)
        {
            if (duration == minutes.ToString(System.Globalization.CultureInfo.InvariantCulture))
                return minutes;
        }

        return 5;
    }

    /// <summary>Where points must be asked from, so that the first in the chart has one before it.</summary>
    public long Before => From - (2 * Step);

    /// <summary>Points that are farther apart are not joined: nothing was measured between them.</summary>
    public long Gap => Math.Max(4 * Step, 15_000_000_000);

    /// <summary>Where a time is: 0 at the beginning, 1 at the end.</summary>
    public double At(long time) => (double)(time - From) / (To - From);

    /// <summary>Whether a time is shown.</summary>
    public bool Holds(long time) => time >= From && time <= To;

    /// <summary>Round times for the axis.</summary>
    public IEnumerable<long> Ticks()
    {
        var distance = (To - From) / 5;
        for (var tick = ((From / distance) + 1) * distance; tick <= To; tick += distance)
            yield return tick;
    }
}
