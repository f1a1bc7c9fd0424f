namespace ImageAspire.Core.Webhooks;

/// <summary>Tells the sender of the same process that there is something to send, so that it need not wait for its next look.</summary>
public sealed class DeliverySignal : IDisposable
{
    private readonly SemaphoreSlim _ring = new(0, 1);
    private int _rung;

    /// <summary>Wakes who waits, or who waits next. Ringing twice is ringing once.</summary>
    public void Ring()
    {
        if (Interlocked.Exchange(ref _rung, 1) == 0)
            _ring.Release();
    }

    /// <summary>Waits for a ring, for so long at the most.</summary>
    public async Task WaitAsync(TimeSpan most, CancellationToken cancellationToken)
    {
        if (await _ring.WaitAsync(most, cancellationToken))
            Volatile.Write(ref _rung, 0);
    }

    /// <inheritdoc />
    public void Dispose() => _ring.Dispose();
}
