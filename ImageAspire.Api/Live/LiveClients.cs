using System.Threading.Channels;

namespace ImageAspire.Api.Live;

/// <summary>
/// The queues of the clients that follow the feed, shared fairly between keys: when all are taken, a key with fewer clients takes the place of
/// the newest client of the key with most. So no key can keep another one out. Not thread-safe.
/// </summary>
/// <param name="limit">Most clients.</param>
/// <param name="limitPerKey">Most clients of one key.</param>
internal sealed class LiveClients(int limit, int limitPerKey)
{
    private readonly Dictionary<Guid, List<Channel<LiveFrame>>> _ofKey = [];
    private int _count;

    /// <summary>Adds a client.</summary>
    public LiveAdmission TryAdd(Guid key, Channel<LiveFrame> client)
    {
        var own = _ofKey.GetValueOrDefault(key)?.Count ?? 0;
        if (own >= limitPerKey)
            return LiveAdmission.KeyIsFull;
        if (_count >= limit && !TryEndOneOfMoreThan(own + 1))
            return LiveAdmission.Full;
        if (!_ofKey.TryGetValue(key, out var clients))
            _ofKey.Add(key, clients = []);
        clients.Add(client);
        _count++;
        return LiveAdmission.Admitted;
    }

    /// <summary>Removes a client; nothing happens when it was removed already.</summary>
    public void Remove(Guid key, Channel<LiveFrame> client)
    {
        if (!_ofKey.TryGetValue(key, out var clients) || !clients.Remove(client))
            return;
        _count--;
        if (clients.Count == 0)
            _ofKey.Remove(key);
    }

    /// <summary>Sends a frame to all. A client that cannot keep up is removed; it reconnects with its last id and misses nothing.</summary>
    public void Send(LiveFrame frame)
    {
        foreach (var (key, clients) in _ofKey.ToList())
        {
            foreach (var slow in clients.Where(client => !client.Writer.TryWrite(frame)).ToList())
                End(key, slow);
        }
    }

    /// <summary>Ends all.</summary>
    public void Clear()
    {
        foreach (var client in _ofKey.Values.SelectMany(clients => clients))
            client.Writer.TryComplete();
        _ofKey.Clear();
        _count = 0;
    }

    private bool TryEndOneOfMoreThan(int count)
    {
        if (_ofKey.Count == 0)
            return false;
        var (key, most) = _ofKey.MaxBy(one => one.Value.Count);
        if (most.Count <= count)
            return false;
        End(key, most[^1]);
        return true;
    }

    private void End(Guid key, Channel<LiveFrame> client)
    {
        client.Writer.TryComplete();
        Remove(key, client);
    }
}

/// <summary>Whether a client may follow the feed.</summary>
internal enum LiveAdmission
{
    /// <summary>It follows the feed.</summary>
    Admitted,

    /// <summary>Its key has as many clients as one key may have.</summary>
    KeyIsFull,

    /// <summary>All places are taken, and no key has more than its own.</summary>
    Full,
}
