using System.Text.Json;
using ImageAspire.Core.Heartbeats;
using ImageAspire.Core.Json;

namespace ImageAspire.Tests.Heartbeats;

public sealed class HeartbeatRulesTests
{
    private static readonly DateTimeOffset Now = Samples.Noon;

    [Theory]
    [InlineData(0, false, ProcessState.Running)]
    [InlineData(20, false, ProcessState.Running)]
    [InlineData(21, false, ProcessState.Gone)]
    [InlineData(-3600, false, ProcessState.Running)] // its clock is ahead
    [InlineData(0, true, ProcessState.Stopped)]
    [InlineData(9999, true, ProcessState.Stopped)]
    public void StateOf_ByAgeAndFarewell(int ageSeconds, bool stopped, ProcessState expected)
    {
        var last = Now.AddSeconds(-ageSeconds);
        HeartbeatRules.StateOf(Beats.Of(at: last) with { StoppedAt = stopped ? last : null }, Now).ShouldBe(expected);
    }

    [Fact]
    public void Obsolete_EndedLongAgo_ExceptTheLastOfEachService()
    {
        var (lastWorker, oldWorker, lastApi) = (Beats.Of(at: Now.AddHours(-2)), Beats.Of(at: Now.AddHours(-3)), Beats.Of(ServiceNames.Api, "api", Now.AddHours(-9)));
        HeartbeatRules.Obsolete([lastWorker, oldWorker, lastApi], Now).ShouldHaveSingleItem().Id.ShouldBe(oldWorker.Id);
    }

    [Fact]
    public void Obsolete_RunningOrEndedJustNow_AreKept()
    {
        var running = Beats.Of(at: Now);
        var stopped = Beats.Of(at: Now.AddMinutes(-14)) with { StoppedAt = Now.AddMinutes(-14) };
        var gone = Beats.Of(at: Now.AddMinutes(-14));
        var longGone = Beats.Of(at: Now.AddMinutes(-16));
        HeartbeatRules.Obsolete([running, stopped, gone, longGone], Now).ShouldHaveSingleItem().Id.ShouldBe(longGone.Id);
    }

    [Fact]
    public void Read_OfAVersionThatSaysLess_HasEmptyLists()
    {
        const string Less = """{"id":"01a226ff-4845-7c7c-a4ce-f0d37132f44f","service":"worker","name":"w","host":"h","processId":1,"version":"0","startedAt":"2026-03-01T12:00:00.000Z","at":"2026-03-01T12:00:00.000Z"}""";
        var heartbeat = JsonSerializer.Deserialize(Less, CoreJson.Default.Heartbeat)!;
        (heartbeat.Dependencies.Count, heartbeat.Retries.Count).ShouldBe((0, 0));
    }

    [Fact]
    public void NoneSince_LastOneStoppedOrGone_IsItsEnd()
    {
        Overview().NoneSince(ServiceNames.Worker).ShouldBeNull(); // there never was one
        Overview(Beats.Of()).NoneSince(ServiceNames.Worker).ShouldBeNull();
        Overview(Beats.Of(at: Now.AddMinutes(-5)), Beats.Of(at: Now.AddMinutes(-9)), Beats.Of(ServiceNames.Api)).NoneSince(ServiceNames.Worker).ShouldBe(Now.AddMinutes(-5));
        Overview(Beats.Of() with { StoppedAt = Now.AddSeconds(-1) }).NoneSince(ServiceNames.Worker).ShouldBe(Now.AddSeconds(-1));
    }

    [Fact]
    public void Dependencies_SeenByAll_AreAvailableSinceTheLastSeesThemSo()
    {
        var seen = Overview(Beats.Of(dependencies: Beats.There("blobs", Now.AddMinutes(-9))), Beats.Of(dependencies: Beats.There("blobs", Now.AddMinutes(-2)))).Dependencies().ShouldHaveSingleItem();
        (seen.Name, seen.Available, seen.Since, seen.Reason, seen.SeenByAll).ShouldBe(("blobs", true, Now.AddMinutes(-2), null, true));
    }

    [Fact]
    public void Dependencies_LostBySome_AreAwaySinceTheFirstLostThem()
    {
        var seen = Overview(
            Beats.Of(name: "worker-1", dependencies: Beats.Away("vision", Now.AddMinutes(-2), "second")),
            Beats.Of(name: "worker-2", dependencies: Beats.Away("vision", Now.AddMinutes(-9), "first")),
            Beats.Of(ServiceNames.Api, "api", dependencies: Beats.There("vision", Now.AddMinutes(-1)))).Dependencies().ShouldHaveSingleItem();
        (seen.Available, seen.Since, seen.Reason, seen.SeenByAll).ShouldBe((false, Now.AddMinutes(-9), "first", false));
        seen.LostBy.ShouldBe(["worker-2", "worker-1"]);
    }

    [Fact]
    public void Dependencies_OfAProcessThatEnded_AreUnknown() =>
        Overview(Beats.Of(at: Now.AddMinutes(-1), dependencies: Beats.Away("vision", Now.AddMinutes(-2)))).Dependencies().ShouldBeEmpty();

    private static ServiceOverview Overview(params Heartbeat[] heartbeats) => new(heartbeats, Now);
}
