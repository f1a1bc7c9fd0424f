namespace ImageAspire.Api.Access;

/// <summary>
/// Cancels what outlives a request when its session ends: by signing out, or by its expiry. A signed-out session is refused by this instance,
/// also when its cookie was copied; other instances do not know about the sign-out and accept the cookie until it expires.
/// </summary>
/// <param name="time">Clock.</param>
internal sealed class SessionLifetimes(TimeProvider time)
{
    /// <summary>How many signed-out sessions are remembered; beyond that the oldest are forgotten.</summary>
    private const int MaxRevoked = 10_000;

    private readonly Lock _lock = new();
    private readonly Queue<string> _revokedInOrder = new();
    private readonly HashSet<string> _revoked = [];
    private readonly Dictionary<string, List<CancellationTokenSource>> _tracked = [];

    /// <summary>A token that is cancelled when the session ends; to be disposed. There are as many as live feeds, which are limited.</summary>
    public SessionLifetime Track(Session session)
    {
        var left = session.Until - time.GetUtcNow();
        var source = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
        lock (_lock)
        {
            if (_revoked.Contains(session.Cookie))
                source.Cancel();
            if (!_tracked.TryGetValue(session.Cookie, out var all))
                _tracked.Add(session.Cookie, all = []);
            all.Add(source);
        }

        return new SessionLifetime(this, session.Cookie, source);
    }

    /// <summary>Whether a session was signed out on this instance.</summary>
    public bool IsRevoked(string cookie)
    {
        lock (_lock)
            return _revoked.Contains(cookie);
    }

    /// <summary>Signs a session out. Takes a validated session, so that forged cookies cannot fill the memory.</summary>
    public async Task RevokeAsync(Session session)
    {
        List<Task> cancelling;
        lock (_lock)
        {
            if (_revoked.Add(session.Cookie))
                _revokedInOrder.Enqueue(session.Cookie);
            if (_revokedInOrder.Count > MaxRevoked)
                _revoked.Remove(_revokedInOrder.Dequeue());
            cancelling = (_tracked.GetValueOrDefault(session.Cookie) ?? []).ConvertAll(source => source.CancelAsync());
        }

        await Task.WhenAll(cancelling);
    }

    private void Untrack(string cookie, CancellationTokenSource source)
    {
        lock (_lock)
        {
            if (_tracked.TryGetValue(cookie, out var all) && all.Remove(source) && all.Count == 0)
                _tracked.Remove(cookie);
        }

        source.Dispose();
    }

    /// <summary>The lifetime of a session, tracked until it is disposed.</summary>
    internal sealed class SessionLifetime(SessionLifetimes lifetimes, string cookie, CancellationTokenSource source) : IDisposable
    {
        public CancellationToken Token { get; } = source.Token;

        public void Dispose() => lifetimes.Untrack(cookie, source);
    }
}
