namespace ImageAspire.Tests.Hostile;

/// <summary>A clock that stands still until a test moves it, and its timers with it.</summary>
internal sealed class ManualTimers : TimeProvider
{
    private readonly List<Timer> _timers = [];
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state), dueTime);
        lock (_timers)
            _timers.Add(timer);
        return timer;
    }

    /// <summary>Moves the clock; whatever has become due runs once.</summary>
    public void Advance(TimeSpan by)
    {
        Interlocked.Add(ref _ticks, by.Ticks);
        List<Timer> due;
        lock (_timers)
            due = [.. _timers.Where(timer => timer.Due <= _ticks)];
        due.ForEach(timer => timer.Fire());
    }

    private sealed class Timer : ITimer
    {
        private readonly ManualTimers _clock;
        private readonly Action _callback;

        public Timer(ManualTimers clock, Action callback, TimeSpan due)
        {
            (_clock, _callback) = (clock, callback);
            Change(due, default);
        }

        public long Due { get; private set; }

        public void Fire()
        {
            Due = long.MaxValue;
            _callback();
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Due = dueTime == Timeout.InfiniteTimeSpan ? long.MaxValue : _clock.GetTimestamp() + dueTime.Ticks;
            return true;
        }

        public void Dispose() => Due = long.MaxValue;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
