namespace ImageAspire.ServiceBusEmulator.Broker;

/// <summary>Something that has work to do at a time.</summary>
internal interface IWakeable
{
    /// <summary>Does what is due. Under the broker's lock.</summary>
    /// <returns>When there is more to do; the end of time when there is nothing.</returns>
    DateTimeOffset RunDue(DateTimeOffset now);
}

/// <summary>One timer for all queues, set to the earliest time that one of them has named.</summary>
internal sealed class WakeUps : IDisposable
{
    // No timer runs longer; a later time is looked at again then.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);
    private readonly PriorityQueue<IWakeable, DateTimeOffset> _queue = new();
    private readonly Dictionary<IWakeable, DateTimeOffset> _armed = [];
    private readonly Journal _journal;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private DateTimeOffset _next = DateTimeOffset.MaxValue;

    public WakeUps(Journal journal, TimeProvider time)
    {
        (_journal, _time) = (journal, time);
        _timer = time.CreateTimer(_ => _journal.Run(Ring), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Under the broker's lock: wakes someone at a time, or earlier if an earlier one was named before.</summary>
    public void At(IWakeable who, DateTimeOffset due)
    {
        if (due == DateTimeOffset.MaxValue || (_armed.TryGetValue(who, out var armed) && armed <= due))
            return;
        _armed[who] = due;
        _queue.Enqueue(who, due);
        if (due < _next)
            SetTimer(due);
    }

    /// <summary>Under the broker's lock: forgets someone who is gone.</summary>
    public void Forget(IWakeable who) => _armed.Remove(who);

    public void Dispose() => _timer.Dispose();

    private bool Ring()
    {
        var now = _time.GetUtcNow();
        while (_queue.TryPeek(out var who, out var due) && due <= now)
        {
            _queue.Dequeue();
            if (!_armed.TryGetValue(who, out var armed) || armed != due)
                continue; // gone, or an earlier time has taken the place of this one
            _armed.Remove(who);
            At(who, who.RunDue(now));
        }

        SetTimer(_queue.TryPeek(out _, out var next) ? next : DateTimeOffset.MaxValue);
        return true;
    }

    private void SetTimer(DateTimeOffset due)
    {
        _next = due;
        var wait = due - _time.GetUtcNow();
        // A timer may ring a little early: a millisecond more, and it does not ring twice. Never none at all: a clock of a test calls back at once, in the middle of the work that set it.
        _timer.Change(due == DateTimeOffset.MaxValue ? Timeout.InfiniteTimeSpan : wait >= Longest ? Longest : TimeSpan.FromMilliseconds(1) + (wait > TimeSpan.Zero ? wait : TimeSpan.Zero),
            Timeout.InfiniteTimeSpan);
    }
}
