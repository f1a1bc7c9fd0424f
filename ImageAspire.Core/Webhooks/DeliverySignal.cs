namespace ImageAspire.Core.Webhooks;

/// <summary>Wakes the webhook sender of the same process when there is something to send, so that it need not wait for its next poll.</summary>
public sealed class DeliverySignal : IDisposable
{
    private readonly SemaphoreSlim _signal = new(0, 1);
    private int _isSet;

    /// <summary>Wakes the waiter, or the next one. Setting it twice is setting it once.</summary>
    public void Set()
    {
        if (Interlocked.Exchange(ref _isSet, 1) == 0)
            _signal.Release();
    }

    /// <summary>Waits for the signal, for at most <paramref name="longest"/>.</summary>
    public async Task WaitAsync(TimeSpan longest, CancellationToken cancellationToken)
    {
        if (await _signal.WaitAsync(longest, cancellationToken))
            Volatile.Write(ref _isSet, 0);
    }

    /// <inheritdoc />
    public void Dispose() => _signal.Dispose();
}
