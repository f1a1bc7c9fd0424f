namespace ImageAspire.Embedded.Events;

/// <summary>Wakes whoever waits in this process. A ring between looking and waiting is never missed: the waiter says what it had seen.</summary>
internal sealed class ChangeSignal
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _rung = New();
    private long _rings;

    /// <summary>How often it has rung; read it before looking.</summary>
    public long Rings => Interlocked.Read(ref _rings);

    public void Ring()
    {
        TaskCompletionSource rung;
        lock (_lock)
        {
            _rings++;
            rung = _rung;
            _rung = New();
        }

        rung.SetResult();
    }

    /// <summary>Waits for the next ring after <paramref name="seen"/>, or for the time to pass.</summary>
    public async Task WaitAsync(long seen, TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken)
    {
        Task next;
        lock (_lock)
        {
            if (_rings != seen)
                return;
            next = _rung.Task;
        }

        try
        {
            await next.WaitAsync(atMost, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // The caller looks again.
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
