namespace ImageAspire.Tests.Faults;

/// <summary>The system's clock, which a test can set. What measures the time that passes is not touched by that, as in a system.</summary>
internal sealed class JumpingClock : TimeProvider
{
    private long _offset;

    /// <summary>Sets it by so much.</summary>
    public void Jump(TimeSpan by) => Interlocked.Add(ref _offset, by.Ticks);

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Interlocked.Read(ref _offset));
}
