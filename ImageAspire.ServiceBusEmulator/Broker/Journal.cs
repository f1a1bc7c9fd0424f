using ImageAspire.ServiceBusEmulator.Store;
using Microsoft.Extensions.Logging;

namespace ImageAspire.ServiceBusEmulator.Broker;

/// <summary>
/// The broker's one lock, and the order of what leaves it. Work changes the broker in memory and records what is to be kept;
/// answers and deliveries run after all that was recorded before them is durable, in the order in which they were asked for.
/// </summary>
internal sealed partial class Journal(IMessageStore store, ILogger<Journal> logger)
{
    private readonly Lock _gate = new();
    private readonly Queue<(long Ticket, Action Effect)> _effects = new();
    private readonly Lock _effectsGate = new();
    private List<StoreChange> _changes = [];
    private List<Action> _new = [];
    private long _ticket;
    private bool _draining;

    /// <summary>Runs work alone. If it throws, what it recorded before is kept all the same: work checks first, and changes then.</summary>
    public T Run<T>(Func<T> work)
    {
        try
        {
            lock (_gate)
            {
                try
                {
                    return work();
                }
                finally
                {
                    Publish();
                }
            }
        }
        finally
        {
            Drain();
        }
    }

    /// <summary>Under the lock: something to keep.</summary>
    public void Record(StoreChange change) => _changes.Add(change);

    /// <summary>Under the lock: something to do once everything recorded so far is durable.</summary>
    public void AfterCommit(Action effect) => _new.Add(effect);

    private void Publish()
    {
        if (_changes.Count > 0)
        {
            store.Append(new StoreBatch(++_ticket, _changes), Drain);
            _changes = [];
        }

        if (_new.Count == 0)
            return;
        lock (_effectsGate)
        {
            foreach (var effect in _new)
                _effects.Enqueue((_ticket, effect));
        }

        _new = [];
    }

    // One thread at a time, so that order is kept. Another one that comes meanwhile leaves its effects to it.
    private void Drain()
    {
        lock (_effectsGate)
        {
            if (_draining)
                return;
            _draining = true;
        }

        while (TryNext() is { } effect)
        {
            try
            {
                effect();
            }
            catch (Exception error)
            {
                LogFailed(error);
            }
        }
    }

    private Action? TryNext()
    {
        lock (_effectsGate)
        {
            if (_effects.TryPeek(out var next) && next.Ticket <= store.Committed)
                return _effects.Dequeue().Effect;
            _draining = false;
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "An answer or a delivery failed.")]
    private partial void LogFailed(Exception error);
}
