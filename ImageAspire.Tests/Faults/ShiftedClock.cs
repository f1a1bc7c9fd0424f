using Microsoft.Extensions.Time.Testing;

namespace ImageAspire.Tests.Faults;

/// <summary>A system's clock that can be set. What measures the time that passes is not touched by that, as in a system.</summary>
/// <param name="time">The time without that.</param>
internal sealed class ShiftedClock(TimeProvider time) : TimeProvider
{
    private long _offset;

    public override long TimestampFrequency => time.TimestampFrequency;

    /// <summary>One whose time passes when the test says so.</summary>
    public static (FakeTimeProvider Time, ShiftedClock Clock) Fake()
    {
        var time = new FakeTimeProvider(System.GetUtcNow());
        return (time, new ShiftedClock(time));
    }

    /// <summary>Sets it by so much.</summary>
    public void Shift(TimeSpan by) => Interlocked.Add(ref _offset, by.Ticks);

    public override DateTimeOffset GetUtcNow() => time.GetUtcNow().AddTicks(Interlocked.Read(ref _offset));

    public override long GetTimestamp() => time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => time.CreateTimer(callback, state, dueTime, period);
}
