namespace ImageAspire.Api.Uploads;

/// <summary>
/// Limits the uploads in progress, fairly between keys. With k active keys each may hold one (k + 1)th of the permits and of the queue: one
/// share stays free for the next key, however many slow uploads another key has open. Who gets no permit waits; released permits go to the
/// waiting keys round robin. The framework's ConcurrencyLimiter serves one queue and knows no shares.
/// </summary>
/// <param name="permits">Most uploads at once.</param>
/// <param name="maxWaiting">Most uploads that wait.</param>
/// <param name="maxWait">How long an upload waits at most.</param>
/// <param name="time">Clock.</param>
internal sealed class UploadConcurrencyLimiter(int permits, int maxWaiting, TimeSpan maxWait, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, KeyUploads> _keys = [];
    private readonly LinkedList<KeyUploads> _waitingKeys = [];
    private int _held;
    private int _waiting;

    /// <summary>Whether an upload waits for a permit.</summary>
    public bool HasWaiters => Volatile.Read(ref _waiting) > 0;

    /// <summary>Acquires a permit, waiting if needed; null when too many wait already, or the wait took too long. Dispose it to release it.</summary>
    public async Task<IDisposable?> AcquireAsync(string key, CancellationToken cancellationToken)
    {
        Waiter waiter;
        lock (_lock)
        {
            if (!_keys.TryGetValue(key, out var uploads))
                _keys.Add(key, uploads = new KeyUploads(key));
            if (CanHoldOneMore(uploads))
                return Hold(uploads);
            if (_waiting >= maxWaiting || uploads.Waiters.Count >= Share(maxWaiting))
            {
                ForgetIfIdle(uploads);
                return null;
            }

            waiter = Enqueue(uploads);
        }

        using var limit = new CancellationTokenSource(maxWait, time);
        await using var timedOut = limit.Token.Register(() => StopWaiting(waiter, granted => granted.TrySetResult(null)));
        await using var aborted = cancellationToken.Register(() => StopWaiting(waiter, granted => granted.TrySetCanceled(cancellationToken)));
        return await waiter.Granted.Task;
    }

    private Waiter Enqueue(KeyUploads uploads)
    {
        var waiter = new Waiter(uploads);
        if (uploads.Waiters.Count == 0)
            _waitingKeys.AddLast(uploads);
        uploads.Waiters.AddLast(waiter);
        _waiting++;
        return waiter;
    }

    private void StopWaiting(Waiter waiter, Action<TaskCompletionSource<IDisposable?>> complete)
    {
        lock (_lock)
        {
            var uploads = waiter.Uploads;
            if (!uploads.Waiters.Remove(waiter))
                return; // already granted: the owner disposes the permit
            _waiting--;
            if (uploads.Waiters.Count == 0)
                _waitingKeys.Remove(uploads);
            ForgetIfIdle(uploads);
        }

        complete(waiter.Granted);
    }

    private void Release(KeyUploads uploads)
    {
        var granted = new List<(Waiter Waiter, Permit Permit)>();
        lock (_lock)
        {
            _held--;
            uploads.Held--;
            ForgetIfIdle(uploads);
            // Usually one; more when a key became idle and the shares of the others grew.
            while (DequeueNext() is { } next)
                granted.Add((next, Hold(next.Uploads)));
        }

        foreach (var (waiter, permit) in granted)
            waiter.Granted.SetResult(permit);
    }

    private Waiter? DequeueNext()
    {
        for (var node = _waitingKeys.First; node is not null; node = node.Next)
        {
            var uploads = node.Value;
            if (!CanHoldOneMore(uploads))
                continue;
            var next = uploads.Waiters.First!.Value;
            uploads.Waiters.RemoveFirst();
            _waiting--;
            _waitingKeys.Remove(node);
            if (uploads.Waiters.Count > 0)
                _waitingKeys.AddLast(node);
            return next;
        }

        return null;
    }

    private bool CanHoldOneMore(KeyUploads uploads) => _held < permits && uploads.Held < Share(permits);

    private int Share(int all) => all == 0 ? 0 : Math.Max(1, all / (_keys.Count + 1));

    private Permit Hold(KeyUploads uploads)
    {
        _held++;
        uploads.Held++;
        return new Permit(this, uploads);
    }

    private void ForgetIfIdle(KeyUploads uploads)
    {
        if (uploads.Held == 0 && uploads.Waiters.Count == 0)
            _keys.Remove(uploads.Key);
    }

    private sealed class KeyUploads(string key)
    {
        public string Key { get; } = key;

        public LinkedList<Waiter> Waiters { get; } = [];

        public int Held { get; set; }
    }

    private sealed class Waiter(KeyUploads uploads)
    {
        public KeyUploads Uploads { get; } = uploads;

        public TaskCompletionSource<IDisposable?> Granted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Permit(UploadConcurrencyLimiter limiter, KeyUploads uploads) : IDisposable
    {
        private int _released;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _released, 1) == 0)
                limiter.Release(uploads);
        }
    }
}
