using ImageAspire.Api.Operations;
using ImageAspire.Core.Heartbeats;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Heartbeats;

namespace ImageAspire.Tests.Api;

/// <summary>Every state of a stage, and what is said to hold it up.</summary>
public sealed class StageStatesTests
{
    private static readonly DateTimeOffset Now = Samples.Noon;
    private static readonly Heartbeat Worker = Beats.Of(dependencies: Beats.There("vision", Now.AddHours(-1)));
    private static readonly Heartbeat Blind = Beats.Of(name: "worker-2", dependencies: Beats.Away("vision", Now.AddMinutes(-7)));

    [Fact]
    public void Idle_NothingWaits() => StateOf(Status(), Worker).ShouldBe(new StageState("idle", 0, null));

    [Fact]
    public void Idle_NothingWaitsAndNoWorkerRuns_IsNoFault() => // as after Workers have scaled to zero
        StateOf(Status(), Worker with { StoppedAt = Now }).ShouldBe(new StageState("idle", 0, null));

    [Fact]
    public void Working_SomeAreInFlight() => StateOf(Status(active: 5, inFlight: 2, scheduled: 1), Worker).ShouldBe(new StageState("working", 6, null));

    [Fact]
    public void Waiting_NothingIsKnownToHoldItUp() => StateOf(Status(active: 5), Worker).ShouldBe(new StageState("waiting", 5, null));

    [Fact]
    public void Retrying_AllAreScheduled_UntilTheFirstIsDueAndWhy() =>
        StateOf(Status(scheduled: 2) with { NextDueAt = Now.AddSeconds(4) }, Worker with { Retries = [new StageRetry("analyze-image", Now.AddSeconds(9), "It failed.")] })
            .ShouldBe(new StageState("retrying", 2, new HoldUp("retry", Until: Now.AddSeconds(4), Reason: "It failed.")));

    [Fact]
    public void Retrying_TopicDoesNotSayWhen_TheWorkerDoes() =>
        StateOf(Status(scheduled: 2), Worker with { Retries = [new StageRetry("analyze-image", Now.AddSeconds(9), "It failed.")] })
            .ShouldBe(new StageState("retrying", 2, new HoldUp("retry", Until: Now.AddSeconds(9), Reason: "It failed.")));

    [Theory]
    [InlineData(3, 0)]
    [InlineData(0, 3)]
    public void Held_NoWorkerEverRan(long active, long scheduled) =>
        StateOf(Status(active, scheduled: scheduled), Beats.Of(ServiceNames.Api)).ShouldBe(new StageState("held", 3, new HoldUp("no-worker")));

    [Fact]
    public void Held_TheLastWorkerIsGone_EvenWhileItsLocksLast() => StateOf(Status(active: 3, inFlight: 1), Worker with { At = Now.AddMinutes(-3) })
        .ShouldBe(new StageState("held", 3, new HoldUp("no-worker", Since: Now.AddMinutes(-3))));

    [Fact]
    public void Held_EveryWorkerHasLostADependency_EvenWhileItTries() => StateOf(Status(active: 1, inFlight: 1, scheduled: 1), Blind, Beats.Of(ServiceNames.Api, "api", dependencies: Beats.There("vision", Now)))
        .ShouldBe(new StageState("held", 2, new HoldUp("dependency-away", "vision", Now.AddMinutes(-7), Reason: "It is not there.")));

    [Fact]
    public void Working_OneOfTwoWorkersReachesIt() => StateOf(Status(active: 1, inFlight: 1), Blind, Worker).ShouldBe(new StageState("working", 1, null));

    [Theory]
    [InlineData("inspect-image")]
    [InlineData("record-audit")]
    public void Waiting_TheDependencyIsNotItsOwn(string stage) => StateOf(Status(active: 1, name: stage), Blind).Name.ShouldBe("waiting");

    [Fact]
    public void Held_NobodyReceivesFromIt() => StateOf(Status(active: 1, name: "forgotten"), Worker).ShouldBe(new StageState("held", 1, new HoldUp("no-stage")));

    [Fact]
    public void Paused_ByWhomAndSinceWhen_BeforeAnyOtherCause() => StateOf(Status(active: 4, scheduled: 1) with { Pause = new SubscriptionPause("boss", Now.AddHours(-1)) }, Blind)
        .ShouldBe(new StageState("paused", 5, new HoldUp("paused", By: "boss", Since: Now.AddHours(-1))));

    [Fact]
    public void Paused_BeforeThereWereNames() => StateOf(Status() with { Pause = new SubscriptionPause(null, null) }, Worker).ShouldBe(new StageState("paused", 0, new HoldUp("paused")));

    [Fact]
    public void Heartbeats_CannotBeRead_NoWorkerIsNotClaimedAndThisApisViewCounts()
    {
        var self = Beats.Of(ServiceNames.Api, "api", dependencies: Beats.Away("documents", Now.AddMinutes(-1)));
        new StageStates(new ServiceOverview([self], Now), complete: false).Of(Status(active: 1))
            .ShouldBe(new StageState("held", 1, new HoldUp("dependency-away", "documents", Now.AddMinutes(-1), Reason: "It is not there.")));
        new StageStates(new ServiceOverview([self with { Dependencies = [] }], Now), complete: false).Of(Status(active: 1)).Name.ShouldBe("waiting");
    }

    [Fact]
    public void Scheduled_CountedByTopic_BelongsToTheStagesThatPutOneOff()
    {
        var worker = Worker with { Retries = [new StageRetry("analyze-image", Now.AddSeconds(9), "It failed.")] };
        StateOf(Status(scheduled: 2) with { ScheduledIsOfTopic = true }, worker).Waiting.ShouldBe(2);
        StateOf(Status(scheduled: 2, name: "record-audit") with { ScheduledIsOfTopic = true }, worker).ShouldBe(new StageState("idle", 0, null));
        StateOf(Status(scheduled: 2, name: "record-audit") with { ScheduledIsOfTopic = true }, Worker).Name.ShouldBe("retrying"); // whose they are is not known
    }

    private static StageState StateOf(SubscriptionStatus status, params Heartbeat[] heartbeats) => new StageStates(new ServiceOverview(heartbeats, Now), complete: true).Of(status);

    private static SubscriptionStatus Status(long active = 0, long inFlight = 0, long scheduled = 0, string name = "analyze-image") => new(name, active, inFlight, scheduled, 0, null);
}
