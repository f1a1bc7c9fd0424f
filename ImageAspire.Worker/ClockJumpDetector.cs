namespace ImageAspire.Worker;

/// <summary>Detects that the system clock was set, which makes the ages of things unknown for a while.</summary>
internal sealed class ClockJumpDetector(TimeProvider time)
{
    private static readonly TimeSpan MaxCorrection = TimeSpan.FromMinutes(1); // smaller steps are corrections, as of NTP
    private readonly Lock _lock = new();
    private (long Elapsed, DateTimeOffset Clock) _steadySince = (time.GetTimestamp(), time.GetUtcNow());

    /// <summary>Whether a jump was ever detected.</summary>
    public bool HasJumped { get; private set; }

    /// <returns>How long the clock has run without a jump, at most since this was made; and the jump since the last check, if any.</returns>
    public (TimeSpan Steady, TimeSpan? Jump) Check()
    {
        lock (_lock)
        {
            var elapsed = time.GetElapsedTime(_steadySince.Elapsed);
            var jump = time.GetUtcNow() - _steadySince.Clock - elapsed;
            if (jump.Duration() <= MaxCorrection)
                return (elapsed, null);
            _steadySince = (time.GetTimestamp(), time.GetUtcNow());
            HasJumped = true;
            return (TimeSpan.Zero, jump);
        }
    }
}
