using ImageAspire.Api.Alarms;
using ImageAspire.Core.Heartbeats;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Heartbeats;

namespace ImageAspire.Tests.Alarms;

/// <summary>What raises each alarm, what keeps it, and what neither does.</summary>
public sealed class AlarmConditionsTests
{
    private static readonly DateTimeOffset Now = Samples.Noon;
    private static readonly Heartbeat Worker = Beats.Of(dependencies: Beats.There("vision", Now.AddHours(-1)));
    private static readonly Heartbeat Stopped = Worker with { StoppedAt = Now.AddMinutes(-9) };

    [Fact]
    public void Nothing_IsWrong() => In(Look([Status(active: 3)], Worker)).ShouldBeEmpty();

    [Theory]
    [InlineData(9, false)]
    [InlineData(10, true)]
    public void NoWorker_MessagesHaveWaitedFor(int seconds, bool raises)
    {
        var condition = In(Look([Status(active: 2, oldest: seconds), Status(active: 1, oldest: 1, name: "inspect-image"), Status(active: 1, oldest: 1, name: "update-reports"), Status(name: "record-audit")], Stopped)).ShouldHaveSingleItem();
        condition.ShouldBe(new AlarmCondition("no-worker", null, Now.AddSeconds(-seconds), "No Worker runs, and messages wait for analyze-image, inspect-image and update-reports.", raises));
    }

    [Fact]
    public void NoWorker_MessagesWaitedBeforeTheLastOneEnded_SinceThen() =>
        In(Look([Status(active: 2, oldest: 3600)], Stopped)).First(one => one.Code == "no-worker").Since.ShouldBe(Stopped.StoppedAt!.Value);

    [Fact]
    public void NoWorker_ScheduledWhereTheTopicDoesNotSayWhen_SinceTheLastOneEnded() =>
        In(Look([Status(scheduled: 1)], Stopped)).ShouldHaveSingleItem().Since.ShouldBe(Stopped.StoppedAt!.Value);

    [Fact]
    public void NoWorker_NothingWaits_OrNotAllProcessesAreKnown_IsNotClaimed()
    {
        In(Look([Status()], Stopped)).ShouldBeEmpty();
        In(Look([Status(active: 1, oldest: 60)], Stopped) with { Complete = false }).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(9, false, false)]
    [InlineData(10, true, false)]
    [InlineData(300, true, true)]
    public void Waiting_OverATimeInWhichNobodyLooked_CountsFromTheFirstLook(int seconds, bool noWorker, bool oldest)
    {
        var night = Stopped with { StoppedAt = Now.AddHours(-9), At = Now.AddHours(-9) };
        In(Look([Status(active: 1, oldest: 30_000)], night) with { Began = Now.AddSeconds(-seconds) }).Select(one => (one.Code, one.Raises))
            .ShouldBe([("no-worker", noWorker), ("oldest-waiting", oldest)]);
    }

    [Theory]
    [InlineData(4, false)]
    [InlineData(5, true)]
    public void DependencyAway_For(int seconds, bool raises) =>
        In(Look([], Worker, Beats.Of(name: "worker-2", dependencies: Beats.Away("vision", Now.AddSeconds(-seconds), "It refused")))).ShouldHaveSingleItem()
            .ShouldBe(new AlarmCondition("dependency-away", "vision", Now.AddSeconds(-seconds), "vision is away for worker-2: It refused.", raises));

    [Theory]
    [InlineData(149, null)]
    [InlineData(150, false)]
    [InlineData(300, true)]
    public void OldestWaiting_For(int seconds, bool? raises) =>
        (In(Look([Status(active: 1, oldest: seconds)], Worker)).SingleOrDefault()?.Raises).ShouldBe(raises);

    [Fact]
    public void OldestWaiting_SaysWhatHoldsItUp()
    {
        var paused = Status(active: 1, oldest: 400) with { Pause = new SubscriptionPause("boss", Now) };
        In(Look([paused], Worker)).ShouldHaveSingleItem().Description.ShouldBe("analyze-image: a message has waited for more than 5 minutes. It is paused.");
        In(Look([Status(scheduled: 1) with { OldestScheduledAt = Now.AddSeconds(-400) }], Worker with { Retries = [new StageRetry("analyze-image", Now.AddSeconds(9), "It failed.")] }))
            .ShouldHaveSingleItem().Description.ShouldBe("analyze-image: a message has waited for more than 5 minutes. The last attempt did not succeed: It failed.");
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(1, "analyze-image: 1 message is dead-lettered and waits for an operator.")]
    [InlineData(7, "analyze-image: 7 messages are dead-lettered and wait for an operator.")]
    public void DeadLetters_Of(long count, string? expected) =>
        (In(Look([Status() with { DeadLettered = count }], Worker)).SingleOrDefault()?.Description).ShouldBe(expected);

    [Theory]
    [InlineData(4.9, true)]
    [InlineData(5.9, false)]
    [InlineData(6.1, null)]
    public void Disk_FreePercent(double percent, bool? raises) =>
        (In(Look([], Worker) with { Space = new VolumeSpace((long)(percent * 1_000_000), 100_000_000) }).SingleOrDefault()?.Raises).ShouldBe(raises);

    [Fact]
    public void Disk_UploadsAreRefused_Raises() => In(Look([], Beats.Of(ServiceNames.Api, "api", dependencies: Beats.Away("space", Now.AddSeconds(-1)))) with { Space = new VolumeSpace(90, 100) })
        .ShouldHaveSingleItem().ShouldBe(new AlarmCondition("disk-nearly-full", null, Now.AddSeconds(-1), "The disk is nearly full: 90 % are free. Uploads are refused.", true));

    [Theory]
    [InlineData(9, 0, null)]
    [InlineData(8, 1, null)] // too few images for a rate
    [InlineData(8, 2, true)]
    [InlineData(90, 11, false)]
    [InlineData(95, 5, null)]
    public void ErrorRate_OfAnalyzedAndFailed(long analyzed, long failed, bool? raises) =>
        (In(Look([], Worker) with { Analyzed = analyzed, Failed = failed }).SingleOrDefault()?.Raises).ShouldBe(raises);

    [Fact]
    public void Damaged_Originals() => In(Look([], Worker) with { Damaged = 2 }).ShouldHaveSingleItem().Description.ShouldBe("2 stored originals are damaged.");

    [Fact]
    public void Zero_IsNoAlarmOfThatKind() => new AlarmConditions(Everything(), new AlarmOptions
    {
        NoWorker = TimeSpan.Zero, DependencyAway = TimeSpan.Zero, OldestWaiting = TimeSpan.Zero, DeadLetters = 0, DiskFreePercent = 0, ErrorRatePercent = 0, DamagedOriginals = 0,
    }).All().ShouldBeEmpty();

    [Fact]
    public void Everything_AtOnce() => In(Everything()).Select(one => one.Code)
        .ShouldBe(["no-worker", "dependency-away", "oldest-waiting", "dead-letters", "disk-nearly-full", "error-rate", "damaged-originals"]);

    [Theory]
    [InlineData("no-worker", null)]
    [InlineData("oldest-waiting", "analyze-image")]
    [InlineData("dead-letters", "analyze-image")]
    [InlineData("damaged-originals", null)]
    public void Unknown_WhenTheStoresDoNotSay(string code, string? name)
    {
        var alarm = Raised.Alarm(code, name);
        new AlarmConditions(Look([], Worker) with { Damaged = 0 }, new AlarmOptions()).IsUnknown(alarm).ShouldBeFalse();
        new AlarmConditions(Look([], Worker) with { Subscriptions = null, Damaged = null }, new AlarmOptions()).IsUnknown(alarm).ShouldBeTrue();
    }

    [Fact]
    public void Unknown_OfWhatOnlyAWorkerNeedsWhileNoneRuns()
    {
        var alarm = Raised.Alarm("dependency-away", "vision");
        var api = Beats.Of(ServiceNames.Api, "api", dependencies: Beats.There("topic", Now));
        new AlarmConditions(Look([], api, Stopped), new AlarmOptions()).IsUnknown(alarm).ShouldBeTrue();
        new AlarmConditions(Look([], api, Worker), new AlarmOptions()).IsUnknown(alarm).ShouldBeFalse();
        new AlarmConditions(Look([], api, Beats.Of()), new AlarmOptions()).IsUnknown(alarm).ShouldBeFalse(); // the service was configured away
        new AlarmConditions(Look([], api, Stopped), new AlarmOptions()).IsUnknown(Raised.Alarm("dependency-away", "topic")).ShouldBeFalse();
    }

    private static SystemLook Everything() => Look(
        [Status(active: 1, oldest: 3600) with { DeadLettered = 1 }], Stopped, Beats.Of(ServiceNames.Api, "api", dependencies: Beats.Away("topic", Now.AddHours(-1))))
        with { Space = new VolumeSpace(1, 100), Analyzed = 1, Failed = 99, Damaged = 1 };

    private static IReadOnlyList<AlarmCondition> In(SystemLook look) => new AlarmConditions(look, new AlarmOptions()).All();

    private static SystemLook Look(IReadOnlyList<SubscriptionStatus> subscriptions, params Heartbeat[] heartbeats) =>
        new(new ServiceOverview(heartbeats, Now), true, subscriptions, null, 0, 0, 0);

    private static SubscriptionStatus Status(long active = 0, long scheduled = 0, int? oldest = null, string name = "analyze-image") =>
        new(name, active, 0, scheduled, 0, oldest is { } seconds ? Now.AddSeconds(-seconds) : null);
}
