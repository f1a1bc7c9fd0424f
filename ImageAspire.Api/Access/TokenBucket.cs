namespace ImageAspire.Api.Access;

/// <summary>
/// A rate limit without a timer: what has been refilled is reckoned when somebody takes. So there may be one for each key and address,
/// and nothing has to be disposed when a key goes while its requests run.
/// </summary>
/// <param name="rate">Tokens a second.</param>
/// <param name="burst">Most tokens at once; so many are there at first.</param>
/// <param name="time">The clock.</param>
internal sealed class TokenBucket(int rate, int burst, TimeProvider time)
{
    private readonly Lock _lock = new();
    private double _tokens = burst;
    private long _at = time.GetTimestamp();

    /// <summary>Tokens a second.</summary>
    public int Rate => rate;

    /// <summary>Most tokens at once.</summary>
    public int Burst => burst;

    /// <summary>Whether nobody has taken anything for long enough that it is as good as new.</summary>
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
    /// <param name="left">Whole tokens that are left.</param>
    /// <param name="waitSeconds">When there is none: after how many whole seconds there is one.</param>
    public bool TryTake(out int left, out int waitSeconds)
    {
        lock (_lock)
        {
            Refill();
            var taken = _tokens >= 1;
            if (taken)
                _tokens--;
            left = (int)_tokens;
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
