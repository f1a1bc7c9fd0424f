using System.Threading.Channels;

namespace ImageAspire.Api.Live;

/// <summary>The requests of this instance that wait for the end of an analysis. Bounded: one for which there is no place does not wait.</summary>
/// <param name="options">How many there may be: as many as clients of the live feed.</param>
internal sealed class AnalysisWaits(ApiOptions options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, List<Channel<bool>>> _ofImage = [];
    private readonly Dictionary<Guid, int> _ofKey = [];
    private int _count;
    private bool _closed;

    /// <summary>The requests that wait now.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _count;
        }
    }

    /// <summary>Begins to follow an image, from before its record is read: so no change falls in between. Null when there is no place.</summary>
    /// <param name="key">Id of the client's API key.</param>
    /// <param name="image">The image.</param>
    public AnalysisWait? TryBegin(Guid key, Guid image)
    {
        lock (_lock)
        {
            var own = _ofKey.GetValueOrDefault(key);
            if (_closed || _count >= options.LiveClients || own >= options.LiveClientsPerKey)
                return null;
            // One change that is not seen yet is as good as several.
            var changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
            if (!_ofImage.TryGetValue(image, out var all))
                _ofImage.Add(image, all = []);
            all.Add(changes);
            _ofKey[key] = own + 1;
            _count++;
            return new AnalysisWait(changes.Reader, () => End(key, image, changes));
        }
    }

    /// <summary>Tells those that follow an image that it has changed.</summary>
    public void Signal(Guid image)
    {
        lock (_lock)
        {
            foreach (var changes in _ofImage.GetValueOrDefault(image) ?? [])
                changes.Writer.TryWrite(true);
        }
    }

    /// <summary>Ends all when the process stops; no further one begins.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            foreach (var changes in _ofImage.Values.SelectMany(all => all))
                changes.Writer.TryComplete();
        }
    }

    private void End(Guid key, Guid image, Channel<bool> changes)
    {
        lock (_lock)
        {
            if (_ofImage.TryGetValue(image, out var all) && all.Remove(changes) && all.Count == 0)
                _ofImage.Remove(image);
            if (--_ofKey[key] == 0)
                _ofKey.Remove(key);
            _count--;
        }
    }
}

/// <summary>One request that waits.</summary>
/// <param name="Changes">A value when the image has changed; ends when the process stops.</param>
/// <param name="End">Gives its place back.</param>
internal sealed record AnalysisWait(ChannelReader<bool> Changes, Action End) : IDisposable
{
    public void Dispose() => End();

    /// <summary>Waits for a change, but not longer than a time; false when the process stops.</summary>
    public async Task<bool> ChangedAsync(TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            if (!await Changes.WaitToReadAsync(cancellationToken).AsTask().WaitAsync(atMost, time, cancellationToken))
                return false;
            Changes.TryRead(out _);
        }
        catch (TimeoutException)
        {
            // Also when no event came it is worth a look.
        }

        return true;
    }
}
