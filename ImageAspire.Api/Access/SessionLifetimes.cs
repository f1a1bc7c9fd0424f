namespace ImageAspire.Api.Access;

/// <summary>Cancels what outlives a request when its session ends: by signing out, or by its expiry.</summary>
/// <param name="time">Clock.</param>
internal sealed class SessionLifetimes(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, List<CancellationTokenSource>> _tracked = [];

    /// <summary>The sessions that are tracked now.</summary>
    public IReadOnlyCollection<Guid> Tracked
    {
        get
        {
            lock (_lock)
                return [.. _tracked.Keys];
        }
    }

    /// <summary>A token that is cancelled when the session ends; to be disposed. There are as many as live feeds and waiting requests, which are limited.</summary>
    public SessionLifetime Track(Session session)
    {
        var left = session.Until - time.GetUtcNow();
        var source = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
        lock (_lock)
        {
            if (!_tracked.TryGetValue(session.Id, out var all))
                _tracked.Add(session.Id, all = []);
            all.Add(source);
        }

        return new SessionLifetime(this, session.Id, source);
    }

    /// <summary>Cancels what belongs to these sessions.</summary>
    public async Task EndAsync(IEnumerable<Guid> sessions)
    {
        List<Task> cancelling;
        lock (_lock)
            cancelling = [.. sessions.SelectMany(id => _tracked.GetValueOrDefault(id) ?? []).Select(source => source.CancelAsync())];
        await Task.WhenAll(cancelling);
    }

    private void Untrack(Guid session, CancellationTokenSource source)
    {
        lock (_lock)
        {
            if (_tracked.TryGetValue(session, out var all) && all.Remove(source) && all.Count == 0)
                _tracked.Remove(session);
        }

        source.Dispose();
    }

    /// <summary>The lifetime of a session, tracked until it is disposed.</summary>
    internal sealed class SessionLifetime(SessionLifetimes lifetimes, Guid session, CancellationTokenSource source) : IDisposable
    {
        public CancellationToken Token { get; } = source.Token;

        public void Dispose() => lifetimes.Untrack(session, source);
    }
}
