using Aspire.Hosting.ApplicationModel;
using ImageAspire.AppHost.Model;
using Microsoft.Extensions.Time.Testing;

namespace ImageAspire.Tests.AppHost;

/// <summary>When a crashed process is started again.</summary>
public sealed class RestartPolicyTests
{
    private const int Killed = 137;
    private const int InvalidSettings = 1;
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly RestartPolicy _policy;

    public RestartPolicyTests() => _policy = new RestartPolicy(InvalidSettings, _clock);

    [Fact]
    public void Observe_CrashesInARow_BackOffToHalfAMinute()
    {
        var delays = Enumerable.Range(0, 9).Select(_ => Crash(after: TimeSpan.FromSeconds(1))!.Value.TotalSeconds).ToList();

        delays.ShouldBe([0.5, 1, 2, 4, 8, 16, 30, 30, 30]);
        _policy.Restarts.ShouldBe(9);
        _policy.IsDown.ShouldBeTrue();
    }

    [Fact]
    public void Observe_CrashAfterTenSeconds_StartsOver()
    {
        Crash(after: TimeSpan.FromSeconds(1));
        Crash(after: TimeSpan.FromSeconds(9)).ShouldBe(TimeSpan.FromSeconds(1));

        Crash(after: TimeSpan.FromSeconds(10)).ShouldBe(TimeSpan.FromSeconds(0.5));
        Crash(after: TimeSpan.FromSeconds(1)).ShouldBe(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Observe_EndedBeforeItRan_IsACrashToo()
    {
        Observe(KnownResourceStates.Starting).ShouldBeNull();
        Observe(KnownResourceStates.FailedToStart).ShouldBe(TimeSpan.FromSeconds(0.5));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(InvalidSettings, true)]
    public void Observe_EndedByItself_StaysDown(int exitCode, bool refuses)
    {
        Observe(KnownResourceStates.Running);
        _policy.Observe(KnownResourceStates.Exited, exitCode).ShouldBe((null, refuses));
        _policy.Restarts.ShouldBe(0);
        _policy.IsDown.ShouldBeTrue();
    }

    [Fact]
    public void Observe_StoppedByAPerson_StaysDown()
    {
        Observe(KnownResourceStates.Running);
        Observe(KnownResourceStates.Stopping).ShouldBeNull();
        Observe(KnownResourceStates.Exited, Killed).ShouldBeNull();
        _policy.Restarts.ShouldBe(0);
    }

    [Fact]
    public void Observe_SameStateAgainOrUnknown_CountsNothing()
    {
        Crash(after: TimeSpan.FromSeconds(1));
        Observe(KnownResourceStates.Exited, Killed).ShouldBeNull();
        Observe(null, Killed).ShouldBeNull();
        Observe(KnownResourceStates.Finished, Killed).ShouldBeNull(); // from one end to another
        _policy.Restarts.ShouldBe(1);
    }

    [Fact]
    public void IsDown_StartedMeanwhile_IsFalse()
    {
        Crash(after: TimeSpan.FromSeconds(1));
        Observe(KnownResourceStates.Running);
        _policy.IsDown.ShouldBeFalse();
    }

    private TimeSpan? Crash(TimeSpan after)
    {
        Observe(KnownResourceStates.Running).ShouldBeNull();
        _clock.Advance(after);
        return Observe(KnownResourceStates.Exited, Killed);
    }

    private TimeSpan? Observe(string? state, int? exitCode = null)
    {
        var (delay, refuses) = _policy.Observe(state, exitCode);
        refuses.ShouldBeFalse();
        return delay;
    }
}
