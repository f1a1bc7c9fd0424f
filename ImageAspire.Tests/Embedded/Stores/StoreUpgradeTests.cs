using ImageAspire.Core.Errors;
using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Backup;
using ImageAspire.Embedded.Sqlite;
using ImageAspire.Embedded.Upgrades;

namespace ImageAspire.Tests.Embedded.Stores;

/// <summary>From the released 0.1 to now, and from a newer version back: see docs/upgrades.md.</summary>
public sealed class StoreUpgradeTests : IAsyncDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly ReleaseStore _store = new("release-0.1");

    public static TheoryData<string> Databases => new(StoreFiles.Databases.Select(one => one.File));

    private string[] Backups => Directory.Exists(BackupRoot) ? [.. Directory.GetDirectories(BackupRoot).Order(StringComparer.Ordinal)] : [];

    private string BackupRoot => Path.Combine(_store.Folder, "before-upgrade");

    public async ValueTask DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task Prepare_StoreOfRelease01_IsUpgradedAfterABackupOfAllDatabases()
    {
        var before = Versions(_store.Folder);

        await PrepareAsync();

        Versions(_store.Folder).ShouldBe(StoreFiles.Databases.ToDictionary(one => one.File, one => one.Schema), ignoreOrder: true);
        Versions(Backups.ShouldHaveSingleItem()).ShouldBe(before, ignoreOrder: true);
        Directory.GetFiles(BackupRoot, "*", SearchOption.AllDirectories).ShouldAllBe(file => OperatingSystem.IsWindows() || File.GetUnixFileMode(file) == (UnixFileMode)0b110_000_000);
        (await _store.FaultsAsync()).ShouldBeEmpty();
        var chain = await _store.Get<IAuditLog>().VerifyAsync(null, None);
        (chain.Intact, chain.Head.Number).ShouldBe((true, (await _store.Get<IAuditLog>().QueryAsync(new AuditQuery { Limit = 200 }, None)).Items.Count));
        var bytes = (await AllAsync()).GroupBy(one => one.UploadedBy).Select(group => (Name: group.Key, Bytes: group.Sum(one => one.Bytes))).ToList();
        (await _store.Get<IStorageUse>().ReadAsync([.. bytes.Select(one => new KeyOwner(Guid.NewGuid(), one.Name))], None)).ShouldBe(bytes.Select(one => one.Bytes));

        await PrepareAsync();
        Backups.Length.ShouldBe(1); // nothing more to do
    }

    [Fact]
    public async Task Prepare_ADamagedDocument_UpgradesAllTheOthers()
    {
        using (var session = new SqliteSession(Path.Combine(_store.Folder, "imageaspire.db"), readOnly: false))
            session.Run("UPDATE images SET doc='{' WHERE name='broken.png'");

        await PrepareAsync();

        (await _store.Get<IImageCatalog>().QueryAsync(new ImageQuery { Camera = "maker" }, None)).Items.ShouldHaveSingleItem().Name.ShouldBe("harbour at dawn.jpg");
    }

    [Fact]
    public async Task Prepare_FromTheBackup_TheOldStoreIsThereAgain()
    {
        await PrepareAsync();
        await _store.CloseAsync();
        var (backup, upgraded) = (Backups[0], Versions(_store.Folder));

        // What docs/upgrades.md says.
        foreach (var database in StoreFiles.Databases.Where(one => File.Exists(Path.Combine(backup, one.File))))
        {
            foreach (var suffix in (string[])["", "-wal", "-shm"])
                File.Delete(Path.Combine(_store.Folder, database.File + suffix));
            File.Copy(Path.Combine(backup, database.File), Path.Combine(_store.Folder, database.File));
        }

        Versions(_store.Folder).ShouldBe(Versions(backup), ignoreOrder: true);
        (await _store.FaultsAsync()).ShouldBeEmpty();
        _store.Clock.Advance(TimeSpan.FromMinutes(1));
        await PrepareAsync(); // and forward again
        Versions(_store.Folder).ShouldBe(upgraded, ignoreOrder: true);
    }

    [Fact]
    public async Task Prepare_ManyProcessesAtOnce_OneBackupAndOneUpgrade()
    {
        await using var other = new ReleaseStore("release-0.1", _store.Folder);

        var both = Task.WhenAll(Task.Run(PrepareAsync), Task.Run(() => other.Get<IStorePreparation>().PrepareAsync(None)));
        await Eventually.TrueAsync(() =>
        {
            _store.Clock.Advance(TimeSpan.FromMilliseconds(50)); // one waits for the other
            other.Clock.Advance(TimeSpan.FromMilliseconds(50));
            return both.IsCompleted;
        });
        await both;

        Backups.Length.ShouldBe(1);
        (await _store.FaultsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Prepare_ManyUpgrades_KeepsTheNewestBackups()
    {
        foreach (var name in (string[])["20200101T000000000Z", "20200102T000000000Z", "20200103T000000000Z", "20200104T000000000Z.part"])
            Directory.CreateDirectory(Path.Combine(BackupRoot, name));

        await PrepareAsync();

        Backups.Select(Path.GetFileName).Take(2).ShouldBe(["20200102T000000000Z", "20200103T000000000Z"]);
        Backups.Length.ShouldBe(3);
    }

    [Theory]
    [InlineData("100", StoreProblem.Full)]
    [InlineData("1000000000000", null)]
    public async Task Prepare_Space_IsCheckedBeforeAnythingChanges(string free, StoreProblem? problem)
    {
        _store.Free = long.Parse(free, System.Globalization.CultureInfo.InvariantCulture);
        var before = Versions(_store.Folder);

        var error = await Record.ExceptionAsync(PrepareAsync);

        if (problem is null)
        {
            error.ShouldBeNull();
            return;
        }

        error.ShouldBeOfType<StoreUnavailableException>().Problem.ShouldBe(problem.Value);
        error!.Message.ShouldContain("Embedded:UpgradeBackups");
        Backups.ShouldBeEmpty();
        Versions(_store.Folder).ShouldBe(before, ignoreOrder: true);
    }

    [Fact]
    public async Task Prepare_WithoutBackups_UpgradesAllTheSame()
    {
        _store.Options.UpgradeBackups = 0;

        await PrepareAsync();

        Backups.ShouldBeEmpty();
        Versions(_store.Folder).Values.ShouldBe(StoreFiles.Databases.Select(one => one.Schema), ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Prepare_ADatabaseOfANewerVersion_IsRefusedWithoutAChange(string file)
    {
        var before = Versions(_store.Folder);
        SetVersion(file, 99);

        var error = await Should.ThrowAsync<StoreUnavailableException>(PrepareAsync);

        error.Problem.ShouldBe(StoreProblem.Incompatible);
        error.Message.ShouldContain($"{file} has schema version 99");
        error.Message.ShouldContain(_store.Folder);
        error.Message.ShouldContain("docs/upgrades.md");
        error.Message.ShouldNotContain("\n");
        Versions(_store.Folder).Where(one => one.Key != file).ShouldBe(before.Where(one => one.Key != file), ignoreOrder: true);
        Backups.ShouldBeEmpty();
        StoreCompatibility.FindProblem(_store.Folder).ShouldBe(error.Message);
        Should.Throw<StoreUnavailableException>(() => StoreFiles.Databases.Single(one => one.File == file).Open(new(_store.Folder))).Problem.ShouldBe(StoreProblem.Incompatible);
    }

    [Fact]
    public void Compatibility_OfThisVersionsOrAnOlderOrANewFolder_NoProblem()
    {
        StoreCompatibility.FindProblem(_store.Folder).ShouldBeNull();
        StoreCompatibility.FindProblem(Path.Combine(_store.Folder, "new")).ShouldBeNull();
    }

    private Task PrepareAsync() => _store.Get<IStorePreparation>().PrepareAsync(None);

    private async Task<IReadOnlyList<ImageAspire.Core.Images.ImageRecord>> AllAsync() =>
        (await _store.Get<IImageCatalog>().QueryAsync(new ImageQuery { Archived = null, Limit = 200 }, None)).Items;

    private void SetVersion(string file, int version)
    {
        using var session = new SqliteSession(Path.Combine(_store.Folder, file), readOnly: false);
        session.Run($"PRAGMA user_version={version}");
    }

    private static Dictionary<string, int> Versions(string folder)
    {
        var versions = new Dictionary<string, int>();
        foreach (var database in StoreFiles.Databases.Where(one => File.Exists(Path.Combine(folder, one.File))))
        {
            using var session = SqliteSession.OpenPlain(Path.Combine(folder, database.File));
            versions[database.File] = Convert.ToInt32(session.Scalar("PRAGMA user_version"), System.Globalization.CultureInfo.InvariantCulture);
        }

        return versions;
    }
}
