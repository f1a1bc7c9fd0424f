namespace ImageAspire.Api.Access;

/// <summary>
/// The rate limit of an address. The framework's TokenBucketRateLimiter serves keys (<see cref="KeyRateLimiter"/>); here it does not: it knows
/// no <see cref="TimeProvider"/>, needs a timer or disposal, and cannot be refilled at the moment it is examined for eviction.
/// </summary>
/// <param name="rate">Tokens a second.</param>
/// <param name="burst">Most tokens at once; initially it is full.</param>
/// <param name="time">The clock.</param>
internal sealed class TokenBucket(int rate, int burst, TimeProvider time)
{
    private readonly Lock _lock = new();
    private double _tokens = burst;
    private long _at = time.GetTimestamp();

    /// <summary>Whether it is refilled completely: as if it were new.</summary>
    public bool IsFull
    {
        get
        {
            lock (_lock)
            {
                Refill();
                return _tokens >= burst;
            }
        }
    }

    /// <summary>Takes a token.</summary>
    /// <param name="waitSeconds">When there is none: whole seconds until there is one.</param>
    public bool TryTake(out int waitSeconds)
    {
        lock (_lock)
        {
            Refill();
            var taken = _tokens >= 1;
            if (taken)
                _tokens--;
            waitSeconds = taken ? 0 : Math.Max(1, (int)Math.Ceiling((1 - _tokens) / rate));
            return taken;
        }
    }

    private void Refill()
    {
        var now = time.GetTimestamp();
        _tokens = Math.Min(burst, _tokens + time.GetElapsedTime(_at, now).TotalSeconds * rate);
        _at = now;
    }
}
