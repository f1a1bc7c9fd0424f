namespace ImageAspire.Api.Uploads;

/// <summary>
/// Bounds the uploads in progress. Who does not fit waits; places are given to the keys in turn, so that a key with a thousand
/// uploads waiting does not keep another one with a single upload waiting behind them.
/// </summary>
/// <param name="places">How many at once.</param>
/// <param name="maxWaiting">How many may wait.</param>
internal sealed class UploadGate(int places, int maxWaiting)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedList<TaskCompletionSource>> _waiting = [];
    private readonly Queue<string> _turns = new();
    private int _free = places;
    private int _waitingCount;

    /// <summary>Takes a place, waiting for it when need be; null when too many wait already. Dispose to give the place back.</summary>
    public async Task<IDisposable?> EnterAsync(string key, CancellationToken cancellationToken)
    {
        TaskCompletionSource turn;
        lock (_lock)
        {
            if (_free > 0)
            {
                _free--;
                return new Place(this);
            }

            if (_waitingCount >= maxWaiting)
                return null;
            turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (!_waiting.TryGetValue(key, out var line))
            {
                _waiting.Add(key, line = new LinkedList<TaskCompletionSource>());
                _turns.Enqueue(key);
            }

            line.AddLast(turn);
            _waitingCount++;
        }

        await using var leaving = cancellationToken.Register(() => GiveUp(key, turn, cancellationToken));
        await turn.Task;
        return new Place(this);
    }

    private void GiveUp(string key, TaskCompletionSource turn, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            // Already called in: then the place is taken and given back by its owner.
            if (!_waiting.TryGetValue(key, out var line) || !line.Remove(turn))
                return;
            _waitingCount--;
        }

        turn.TrySetCanceled(cancellationToken);
    }

    private void Leave()
    {
        TaskCompletionSource? next = null;
        lock (_lock)
        {
            while (next is null && _turns.TryDequeue(out var key))
            {
                var line = _waiting[key];
                if (line.First is { } first)
                {
                    next = first.Value;
                    line.RemoveFirst();
                    _waitingCount--;
                }

                if (line.Count > 0)
                    _turns.Enqueue(key);
                else
                    _waiting.Remove(key);
            }

            if (next is null)
                _free++;
        }

        next?.SetResult();
    }

    private sealed class Place(UploadGate gate) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
                gate.Leave();
        }
    }
}
