using System.Collections.Concurrent;

namespace ImageAspire.Tests.ServiceBus;

/// <summary>What was acknowledged to the clients of a crash run, and what must be true after it.</summary>
internal sealed class CrashOracle
{
    private readonly ConcurrentDictionary<string, State> _messages = [];
    private readonly ConcurrentQueue<string> _violations = [];
    private int _sent, _completed;

    private enum State { Sending, Sent, Completing, Completed }

    public IReadOnlyCollection<string> Violations => _violations;

    /// <summary>Messages whose sending was acknowledged.</summary>
    public int CountSent => Volatile.Read(ref _sent);

    public int CountCompleted => Volatile.Read(ref _completed);

    public void Sending(string id) => _messages[id] = State.Sending;

    /// <summary>The send was acknowledged. The message may have been received before.</summary>
    public void Sent(string id)
    {
        _messages.TryUpdate(id, State.Sent, State.Sending);
        Interlocked.Increment(ref _sent);
    }

    public void Received(string id)
    {
        if (!_messages.TryGetValue(id, out var state))
            _violations.Enqueue($"{id} was never sent");
        else if (state == State.Completed)
            _violations.Enqueue($"{id} was completed and came back");
    }

    public void Completing(string id) => _messages[id] = State.Completing;

    public void Completed(string id)
    {
        _messages[id] = State.Completed;
        Interlocked.Increment(ref _completed);
    }

    /// <summary>At the end the queue was emptied: each message that was acknowledged has come.</summary>
    public void Ended(IReadOnlyCollection<string> left)
    {
        var here = left.ToHashSet();
        foreach (var (id, state) in _messages)
        {
            if (state == State.Sent && !here.Contains(id))
                _violations.Enqueue($"{id} was acknowledged and is lost");
            if (state == State.Completed && here.Contains(id))
                _violations.Enqueue($"{id} was completed and is still there");
        }

        foreach (var twice in left.GroupBy(id => id).Where(group => group.Count() > 1))
            _violations.Enqueue($"{twice.Key} is there {twice.Count()} times");
    }
}
