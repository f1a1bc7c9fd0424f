using ImageAspire.Core.Failpoints;
using ImageAspire.Tests.EndToEnd;
using ImageAspire.Tests.Faults.Crashes;

namespace ImageAspire.Tests.Faults;

/// <summary>One crash run for all tests of it: processes die once at every failpoint, and at random moments.</summary>
public sealed class CrashRunFixture : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly ProcessClock? _clock = ProcessClock.TryCreate();

    internal CrashReport Report { get; private set; } = null!;

    internal List<string> Parts { get; } = [];

    public async ValueTask InitializeAsync()
    {
        var began = TimeProvider.System.GetTimestamp();
        Report = await CrashRun.RunAsync(Options(_folder.Root) with
        {
            Clock = _clock, Seed = Random.Shared.Next(1_000_000), Failpoints = Compiled, RandomKills = Compiled ? 14 : 56,
        }, part => Parts.Add($"{TimeProvider.System.GetElapsedTime(began).TotalSeconds:0.0} s: {part}"));
        Parts.Add($"{TimeProvider.System.GetElapsedTime(began).TotalSeconds:0.0} s: the end");
    }

    public ValueTask DisposeAsync()
    {
        _clock?.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The programs of this build.</summary>
    internal static CrashOptions Options(string dataFolder) => new()
    {
        Api = new ProgramStart("dotnet", "exec", Programs.Api), Worker = new ProgramStart("dotnet", "exec", Programs.Worker), DataFolder = dataFolder, Seed = 0,
    };

    /// <summary>Whether this build has failpoints: those of Release have none.</summary>
    internal static bool Compiled =>
#if FAILPOINTS
        true;
#else
        false;
#endif
}

[Collection(WholeSystem.Name)]
[Trait("Category", "Slow")]
public sealed class CrashTests(CrashRunFixture crashed, ITestOutputHelper output) : IClassFixture<CrashRunFixture>
{
    [Fact]
    public void Crashes_OfApiAndWorkers_KeepEveryInvariant()
    {
        output.WriteLine(string.Join(Environment.NewLine, crashed.Parts.Append(crashed.Report.ToString())));

        crashed.Report.Violations.ShouldBeEmpty(crashed.Report.ToString());
        crashed.Report.Kills.ShouldBeGreaterThanOrEqualTo(50, crashed.Report.ToString());
        crashed.Report.Figures["uploads acknowledged"].ShouldBeGreaterThan(0);
        crashed.Report.Figures["deletions acknowledged"].ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Crashes_WhileImagesComeInPieces_EachIsWholeOrLeavesNothing()
    {
        crashed.Report.Figures["resumable uploads acknowledged"].ShouldBeGreaterThan(0, crashed.Report.ToString());
        crashed.Report.Figures["resumable uploads left unfinished"].ShouldBeGreaterThan(0, crashed.Report.ToString());
    }

    [Fact]
    public void Crashes_WhileAStageGivesUp_EachImageIsFailedAndItsRetryCountsOnce()
    {
        crashed.Report.Figures["images given up"].ShouldBeGreaterThan(0, crashed.Report.ToString());
        crashed.Report.Figures["retries that came too late"].ShouldBeGreaterThan(0, crashed.Report.ToString());
    }

    [Fact]
    public void Crashes_WhileTheClockIsSet_Happened()
    {
        Assert.SkipUnless(crashed.Report.Figures.ContainsKey("clock jumps"), "The clock of other processes can be set on Linux with a C compiler (cc) only.");
        crashed.Report.Figures["clock jumps"].ShouldBeGreaterThan(3, crashed.Report.ToString());
    }

#if FAILPOINTS
    public static TheoryData<string> Steps() =>
        [.. FailpointNames.Api.Select(name => $"api: {name}").Concat(CrashPoints.Worker.Select(name => $"worker: {name}"))];

    [Theory]
    [MemberData(nameof(Steps))]
    public void Crash_AtEachFailpoint_Happened(string step) => crashed.Report.DiedAt.ShouldContain(step, crashed.Report.ToString());
#endif
}
