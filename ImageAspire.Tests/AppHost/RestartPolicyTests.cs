using Aspire.Hosting.ApplicationModel;
using ImageAspire.AppHost.Model;

namespace ImageAspire.Tests.AppHost;

/// <summary>When a crashed process is started again.</summary>
public sealed class RestartPolicyTests
{
    private const int Killed = 137;
    private const int WrongSettings = 1;
    private readonly TestClock _clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly RestartPolicy _policy;

    public RestartPolicyTests() => _policy = new RestartPolicy(WrongSettings, _clock);

    [Fact]
    public void Observe_CrashesInARow_BackOffToHalfAMinute()
    {
        var delays = Enumerable.Range(0, 9).Select(_ => Crash(after: TimeSpan.FromSeconds(1))!.Value.TotalSeconds).ToList();

        delays.ShouldBe([0.5, 1, 2, 4, 8, 16, 30, 30, 30]);
        _policy.Restarts.ShouldBe(9);
        _policy.IsDown.ShouldBeTrue();
    }

    [Fact]
    public void Observe_CrashAfterAMinute_StartsOver()
    {
        Crash(after: TimeSpan.FromSeconds(1));
        Crash(after: TimeSpan.FromSeconds(59)).ShouldBe(TimeSpan.FromSeconds(1));

        Crash(after: TimeSpan.FromMinutes(1)).ShouldBe(TimeSpan.FromSeconds(0.5));
        Crash(after: TimeSpan.FromSeconds(1)).ShouldBe(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Observe_EndedBeforeItRan_IsACrashToo()
    {
        _policy.Observe(KnownResourceStates.Starting, null).Delay.ShouldBeNull();
        _policy.Observe(KnownResourceStates.FailedToStart, null).Delay.ShouldBe(TimeSpan.FromSeconds(0.5));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(WrongSettings)]
    public void Observe_EndedByItself_StaysDown(int exitCode)
    {
        Crash(after: TimeSpan.FromSeconds(1), exitCode).ShouldBeNull();
        _policy.Restarts.ShouldBe(0);
        _policy.IsDown.ShouldBeTrue();
    }

    [Fact]
    public void Observe_WrongSettings_SaysSo()
    {
        _policy.Observe(KnownResourceStates.Running, null).RefusesItsSettings.ShouldBeFalse();
        _policy.Observe(KnownResourceStates.Exited, WrongSettings).RefusesItsSettings.ShouldBeTrue();
    }

    [Fact]
    public void Observe_StoppedByAPerson_StaysDown()
    {
        _policy.Observe(KnownResourceStates.Running, null);
        _policy.Observe(KnownResourceStates.Stopping, null).Delay.ShouldBeNull();
        _policy.Observe(KnownResourceStates.Exited, Killed).Delay.ShouldBeNull();
        _policy.Restarts.ShouldBe(0);
    }

    [Fact]
    public void Observe_SameStateAgainOrUnknown_CountsNothing()
    {
        Crash(after: TimeSpan.FromSeconds(1));
        _policy.Observe(KnownResourceStates.Exited, Killed).Delay.ShouldBeNull();
        _policy.Observe(null, Killed).Delay.ShouldBeNull();
        _policy.Observe(KnownResourceStates.Finished, Killed).Delay.ShouldBeNull(); // from one end to another
        _policy.Restarts.ShouldBe(1);
    }

    [Fact]
    public void IsDown_StartedMeanwhile_IsFalse()
    {
        Crash(after: TimeSpan.FromSeconds(1));
        _policy.Observe(KnownResourceStates.Running, null);
        _policy.IsDown.ShouldBeFalse();
    }

    private TimeSpan? Crash(TimeSpan after, int exitCode = Killed)
    {
        _policy.Observe(KnownResourceStates.Running, null).Delay.ShouldBeNull();
        _clock.Now += after;
        return _policy.Observe(KnownResourceStates.Exited, exitCode).Delay;
    }
}
