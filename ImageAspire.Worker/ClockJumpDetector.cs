namespace ImageAspire.Worker;

/// <summary>Notices when the clock is set: then nobody can tell for a while how old things are.</summary>
/// <param name="time">Clock.</param>
internal sealed class ClockJumpDetector(TimeProvider time)
{
    private static readonly TimeSpan Drift = TimeSpan.FromMinutes(1); // what a clock may be corrected by, without being set
    private readonly Lock _lock = new();
    private (long Elapsed, DateTimeOffset Clock) _steadySince = (time.GetTimestamp(), time.GetUtcNow());

    /// <summary>Whether it was ever seen to be set.</summary>
    public bool HasJumped { get; private set; }

    /// <summary>Looks at it.</summary>
    /// <returns>For how long it has gone steadily, at most since this was made; and by how much it was set since the last look, null when it was not.</returns>
    public (TimeSpan Steady, TimeSpan? Jump) Look()
    {
        lock (_lock)
        {
            var elapsed = time.GetElapsedTime(_steadySince.Elapsed);
            var jump = time.GetUtcNow() - _steadySince.Clock - elapsed;
            if (jump.Duration() <= Drift)
                return (elapsed, null);
            _steadySince = (time.GetTimestamp(), time.GetUtcNow());
            HasJumped = true;
            return (TimeSpan.Zero, jump);
        }
    }
}
