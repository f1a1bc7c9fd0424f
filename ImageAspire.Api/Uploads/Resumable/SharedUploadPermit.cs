namespace ImageAspire.Api.Uploads.Resumable;

/// <summary>Acquires permits that chunks of resumable uploads share with all other uploads.</summary>
internal sealed class SharedUploadPermits(UploadConcurrencyLimiter limiter, TimeProvider time)
{
    /// <summary>A permit for a key; null when too many uploads wait already.</summary>
    public async Task<SharedUploadPermit?> AcquireAsync(string key, CancellationToken cancellationToken) =>
        await limiter.AcquireAsync(key, cancellationToken) is { } permit ? new SharedUploadPermit(limiter, key, permit, time) : null;
}

/// <summary>
/// A permit that yields: while other uploads wait, it is released after a second and acquired again behind them. So slow chunks, however
/// many, do not block other uploads.
/// </summary>
internal sealed class SharedUploadPermit(UploadConcurrencyLimiter limiter, string key, IDisposable permit, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(1);
    private IDisposable? _permit = permit;
    private long _since = time.GetTimestamp();

    /// <summary>Yields to waiting uploads when the slice is used up; false when no permit could be acquired again.</summary>
    public async ValueTask<bool> YieldAsync(CancellationToken cancellationToken)
    {
        if (!limiter.HasWaiters || time.GetElapsedTime(_since) < Slice)
            return true;
        Dispose();
        _permit = await limiter.AcquireAsync(key, cancellationToken);
        _since = time.GetTimestamp();
        return _permit is not null;
    }

    public void Dispose()
    {
        _permit?.Dispose();
        _permit = null;
    }
}
