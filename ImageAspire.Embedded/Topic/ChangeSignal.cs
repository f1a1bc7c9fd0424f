namespace ImageAspire.Embedded.Topic;

/// <summary>Wakes waiters in this process. A signal between looking and waiting is never missed: the waiter passes the version that it saw.</summary>
internal sealed class ChangeSignal
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _next = NewSource();
    private long _version;

    /// <summary>Grows with every signal; read it before looking for work.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>Wakes every waiter.</summary>
    public void Raise()
    {
        TaskCompletionSource raised;
        lock (_lock)
        {
            _version++;
            raised = _next;
            _next = NewSource();
        }

        raised.SetResult();
    }

    /// <summary>Waits for the next signal after version <paramref name="seen"/>, at most for a time.</summary>
    public async Task WaitAsync(long seen, TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken)
    {
        Task next;
        lock (_lock)
        {
            if (_version != seen)
                return;
            next = _next.Task;
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

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
