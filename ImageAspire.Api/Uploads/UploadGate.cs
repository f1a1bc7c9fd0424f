namespace ImageAspire.Api.Uploads;

/// <summary>
/// Bounds the uploads in progress, fairly between keys. With k keys at work each may hold one (k + 1)th of the places and of the line:
/// one share always stays free for a key that comes next, however many slow uploads another one has open. Who does not fit waits;
/// places are given to the keys in turn.
/// </summary>
/// <param name="places">How many at once.</param>
/// <param name="maxWaiting">How many may wait.</param>
/// <param name="patience">How long one waits at most.</param>
/// <param name="time">Clock.</param>
internal sealed class UploadGate(int places, int maxWaiting, TimeSpan patience, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, KeyUploads> _keys = [];
    private readonly LinkedList<KeyUploads> _turns = [];
    private int _held;
    private int _waiting;

    /// <summary>Whether somebody waits.</summary>
    public bool IsAwaited => Volatile.Read(ref _waiting) > 0;

    /// <summary>Takes a place, waiting for it when need be; null when too many wait already, or it took too long. Dispose to give the place back.</summary>
    public async Task<IDisposable?> EnterAsync(string key, CancellationToken cancellationToken)
    {
        KeyUploads uploads;
        TaskCompletionSource<bool> turn;
        lock (_lock)
        {
            if (!_keys.TryGetValue(key, out uploads!))
                _keys.Add(key, uploads = new KeyUploads(key));
            if (HasRoom(uploads))
                return Take(uploads);
            if (_waiting >= maxWaiting || uploads.Line.Count >= Share(maxWaiting))
            {
                Forget(uploads);
                return null;
            }

            turn = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            if (uploads.Line.Count == 0)
                _turns.AddLast(uploads);
            uploads.Line.AddLast(turn);
            _waiting++;
        }

        return await WaitAsync(uploads, turn, cancellationToken) ? new Place(this, uploads) : null;
    }

    private async Task<bool> WaitAsync(KeyUploads uploads, TaskCompletionSource<bool> turn, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(patience, time);
        await using var tooLong = limit.Token.Register(() => GiveUp(uploads, turn, () => turn.TrySetResult(false)));
        await using var leaving = cancellationToken.Register(() => GiveUp(uploads, turn, () => turn.TrySetCanceled(cancellationToken)));
        return await turn.Task;
    }

    private void GiveUp(KeyUploads uploads, TaskCompletionSource<bool> turn, Action end)
    {
        lock (_lock)
        {
            // Already called in: then the place is taken and given back by its owner.
            if (!uploads.Line.Remove(turn))
                return;
            _waiting--;
            if (uploads.Line.Count == 0)
                _turns.Remove(uploads);
            Forget(uploads);
        }

        end();
    }

    private void Leave(KeyUploads uploads)
    {
        var next = new List<TaskCompletionSource<bool>>();
        lock (_lock)
        {
            _held--;
            uploads.Held--;
            Forget(uploads);
            // Mostly one; more when a key went away and the shares of the others grew.
            while (NextInTurn() is { } called)
                next.Add(called);
        }

        foreach (var called in next)
            called.SetResult(true);
    }

    private TaskCompletionSource<bool>? NextInTurn()
    {
        for (var node = _turns.First; node is not null; node = node.Next)
        {
            var uploads = node.Value;
            if (!HasRoom(uploads))
                continue;
            var called = uploads.Line.First!.Value;
            uploads.Line.RemoveFirst();
            _waiting--;
            _turns.Remove(node);
            if (uploads.Line.Count > 0)
                _turns.AddLast(node);
            Take(uploads);
            return called;
        }

        return null;
    }

    private bool HasRoom(KeyUploads uploads) => _held < places && uploads.Held < Share(places);

    private int Share(int all) => all == 0 ? 0 : Math.Max(1, all / (_keys.Count + 1));

    private Place Take(KeyUploads uploads)
    {
        _held++;
        uploads.Held++;
        return new Place(this, uploads);
    }

    private void Forget(KeyUploads uploads)
    {
        if (uploads.Held == 0 && uploads.Line.Count == 0)
            _keys.Remove(uploads.Key);
    }

    private sealed class KeyUploads(string key)
    {
        public string Key { get; } = key;

        public LinkedList<TaskCompletionSource<bool>> Line { get; } = [];

        public int Held { get; set; }
    }

    private sealed class Place(UploadGate gate, KeyUploads uploads) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
                gate.Leave(uploads);
        }
    }
}
