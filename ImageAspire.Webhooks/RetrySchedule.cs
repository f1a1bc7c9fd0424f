namespace ImageAspire.Webhooks;

/// <summary>
/// When a delivery is tried again. Each wait is five times the one before, and all together are the window: with 8 tries in 24 hours
/// about 4 s, 22 s, 2 min, 9 min, 46 min, 4 h and 19 h. A receiver that restarts is reached at once, one that is down for a night, too.
/// </summary>
/// <param name="tries">Number of attempts.</param>
/// <param name="window">Time between the first and the last attempt.</param>
internal sealed class RetrySchedule(int tries, TimeSpan window)
{
    private const double Growth = 5;

    // Deliveries that failed together are not retried together. Jitter only shortens waits, so that the window holds.
    private const double Jitter = 0.2;

    /// <summary>The wait after a failed attempt; null after the last one.</summary>
    /// <param name="number">The attempt, from 1.</param>
    public TimeSpan? After(int number)
    {
        if (number >= tries)
            return null;
        var sum = (Math.Pow(Growth, tries - 1) - 1) / (Growth - 1);
        return window * (Math.Pow(Growth, number - 1) / sum * (1 - Jitter * Random.Shared.NextDouble()));
    }
}
