namespace ImageAspire.Api.Access;

/// <summary>
/// Ends what goes on for longer than a call when its session ends: by signing out, or by its time. A session that was signed out opens
/// nothing here any more, even for somebody who has copied its cookie; other instances know nothing of that and go by its time.
/// </summary>
/// <param name="time">Clock.</param>
internal sealed class SessionEnds(TimeProvider time)
{
    /// <summary>How many signed-out sessions are remembered; then the oldest are forgotten.</summary>
    private const int MaxOver = 10_000;

    private readonly Lock _lock = new();
    private readonly Queue<string> _order = new();
    private readonly HashSet<string> _over = [];
    private readonly Dictionary<string, List<CancellationTokenSource>> _open = [];

    /// <summary>A token that ends with a session; to be disposed. There are as many as live feeds, which are limited.</summary>
    public Ending Watch(Session session)
    {
        var left = session.Until - time.GetUtcNow();
        var source = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
        lock (_lock)
        {
            if (_over.Contains(session.Cookie))
                source.Cancel();
            if (!_open.TryGetValue(session.Cookie, out var all))
                _open.Add(session.Cookie, all = []);
            all.Add(source);
        }

        return new Ending(this, session.Cookie, source);
    }

    /// <summary>Whether a session was signed out here.</summary>
    public bool IsOver(string cookie)
    {
        lock (_lock)
            return _over.Contains(cookie);
    }

    /// <summary>Signs a session out. Only a true one is remembered, so that nobody can fill the memory with made-up ones.</summary>
    public async Task EndAsync(Session session)
    {
        List<Task> ending;
        lock (_lock)
        {
            if (_over.Add(session.Cookie))
                _order.Enqueue(session.Cookie);
            if (_order.Count > MaxOver)
                _over.Remove(_order.Dequeue());
            ending = (_open.GetValueOrDefault(session.Cookie) ?? []).ConvertAll(source => source.CancelAsync());
        }

        await Task.WhenAll(ending);
    }

    private void Forget(string cookie, CancellationTokenSource source)
    {
        lock (_lock)
        {
            if (_open.TryGetValue(cookie, out var all) && all.Remove(source) && all.Count == 0)
                _open.Remove(cookie);
        }

        source.Dispose();
    }

    /// <summary>The end of a session, for as long as somebody watches it.</summary>
    internal sealed class Ending(SessionEnds ends, string cookie, CancellationTokenSource source) : IDisposable
    {
        public CancellationToken Token { get; } = source.Token;

        public void Dispose() => ends.Forget(cookie, source);
    }
}
