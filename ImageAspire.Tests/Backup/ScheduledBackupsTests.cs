using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Backup;
using ImageAspire.Embedded.Files;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ImageAspire.Tests.Backup;

/// <summary>Backups by a schedule: when they are due, what is kept, and what is never removed.</summary>
public sealed class ScheduledBackupsTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly FakeTimeProvider _time = new(Samples.Noon);
    private readonly TempFolder _target = new();
    private readonly BackupOptions _options = new() { Keep = 2 };
    private SmallStore _store = null!;

    private string Folder => Path.Combine(_target.Root, "backups");

    public async ValueTask InitializeAsync()
    {
        _store = await SmallStore.CreateAsync(images: 1);
        _options.Folder = Folder;
    }

    public ValueTask DisposeAsync()
    {
        _store.Dispose();
        _target.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Run_NoFolder_DoesNothing()
    {
        _options.Folder = "";
        (await Backups().RunDueAsync(None)).ShouldBeNull();
        (await Backups().ReadAsync(None)).ShouldBeNull();
    }

    [Fact]
    public async Task Run_EveryDay_KeepsTheNewestAndLeavesWhatIsNotItsOwn()
    {
        string[] others = ["monday", "imageaspire-20200101T000000000Z", "imageaspire-20200101T000000000Z.old"]; // one has its form of name, but no manifest
        foreach (var other in others)
            Directory.CreateDirectory(Path.Combine(Folder, other, "blobs"));
        await File.WriteAllTextAsync(Path.Combine(Folder, "notes.txt"), "mine");

        for (var day = 0; day < 4; day++)
        {
            (await Backups().RunDueAsync(None)).ShouldBe(new BackupAttempt(_time.GetUtcNow()));
            (await Backups().RunDueAsync(None)).ShouldBeNull(); // not due again
            _time.Advance(TimeSpan.FromDays(1));
        }

        var overview = (await Backups().ReadAsync(None))!;
        overview.Items.Select(one => (one.TakenAt, one.Images, one.Faults)).ShouldBe([(Samples.Noon.AddDays(3), 1, 0), (Samples.Noon.AddDays(2), 1, 0)]);
        overview.NextAt.ShouldBe(Samples.Noon.AddDays(4));
        Directory.EnumerateFileSystemEntries(Folder).Select(Path.GetFileName).ShouldBe([.. others, "notes.txt", .. overview.Items.Select(one => one.Name)], ignoreOrder: true);
        foreach (var one in overview.Items)
            (await new StoreVerification(TimeProvider.System, _store.Said).BackupAsync(Path.Combine(Folder, one.Name), quick: false, None)).Faults.ShouldBe(0);
    }

    [Fact]
    public async Task Run_MissedWhileNothingRan_IsMadeUpOnce()
    {
        await Backups().RunDueAsync(None);
        _time.Advance(TimeSpan.FromDays(5.5));

        (await Backups().RunDueAsync(None)).ShouldNotBeNull();
        (await Backups().RunDueAsync(None)).ShouldBeNull();
    }

    [Fact]
    public async Task Run_TwoProcessesAtOnce_OneMakesIt()
    {
        var made = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => Backups().RunDueAsync(None))));

        made.Count(one => one is not null).ShouldBe(1);
        (await Backups().ReadAsync(None))!.Items.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Run_Fails_SaysWhyAndTriesAgainLater()
    {
        await File.WriteAllTextAsync(Folder, "a file is in the way");
        var failed = await Backups().RunDueAsync(None);
        failed!.Error.ShouldNotBeNull();
        (await Backups().ReadAsync(None)).ShouldSatisfyAllConditions(one => one!.Last.ShouldBe(failed), one => one!.NextAt.ShouldBe(Samples.Noon + ScheduledBackups.RetryAfter));
        (await Backups().RunDueAsync(None)).ShouldBeNull();

        File.Delete(Folder);
        _time.Advance(ScheduledBackups.RetryAfter);

        (await Backups().RunDueAsync(None)).ShouldBe(new BackupAttempt(_time.GetUtcNow()));
        (await Backups().ReadAsync(None))!.Last!.Error.ShouldBeNull();
    }

    [Fact]
    public async Task Run_AfterAProcessDied_RemovesWhatItLeft()
    {
        var left = Path.Combine(Folder, "imageaspire-20260301T110000000Z.part");
        Directory.CreateDirectory(Path.Combine(left, "blobs"));

        await Backups().RunDueAsync(None);

        Directory.Exists(left).ShouldBeFalse();
    }

    [Fact]
    public async Task Run_StoreLacksBytes_IsMadeAndSaysSo()
    {
        File.Delete(_store.PathOf(0));

        (await Backups().RunDueAsync(None))!.Error!.ShouldContain("1 files were missing");

        (await Backups().ReadAsync(None)).ShouldSatisfyAllConditions(one => one!.Items.ShouldHaveSingleItem().Faults.ShouldBe(1), one => one!.NextAt.ShouldBe(Samples.Noon.AddDays(1)));
    }

    [Theory]
    [InlineData("2026-03-01T01:59:00Z", "2026-03-01T02:00:00Z")]
    [InlineData("2026-03-01T02:00:01Z", "2026-03-02T02:00:00Z")]
    [InlineData("2026-03-01T02:00:00Z", "2026-03-02T02:00:00Z")]
    [InlineData("2026-03-01T12:00:00Z", "2026-03-02T02:00:00Z")]
    public void NextAfter_ATimeOfDay_IsTheFirstOneAfterTheLastBackup(string last, string next) =>
        new BackupOptions { At = TimeSpan.FromHours(2) }.NextAfter(At(last), Samples.Noon).ShouldBe(At(next));

    [Fact]
    public void Errors_EachIsNamed() => new BackupOptions { Keep = 0, Interval = TimeSpan.Zero, At = TimeSpan.FromDays(1), Folder = "/data/backups" }.Errors("Embedded:Backups", "/data")
        .Select(one => one.Split(' ')[0]).ShouldBe(["Embedded:Backups:Keep", "Embedded:Backups:Interval", "Embedded:Backups:At", "Embedded:Backups:Folder"]);

    private static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture);

    private ScheduledBackups Backups() => new(new DataFolder(_store.Data), _options, _time, NullLogger<ScheduledBackups>.Instance);
}
