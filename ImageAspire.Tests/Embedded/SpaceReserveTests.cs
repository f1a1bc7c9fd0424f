using ImageAspire.Core.Errors;
using ImageAspire.Embedded.Catalog;
using ImageAspire.Embedded.Files;
using ImageAspire.Embedded.Space;
using ImageAspire.Embedded.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace ImageAspire.Tests.Embedded;

/// <summary>The reserve of space, with a limit of the database's size in place of a full disk: it is raised when the reserve is deleted.</summary>
public sealed class SpaceReserveTests : IDisposable
{
    private const int Reserve = 1 << 20;
    private readonly TempFolder _folder = new();

    private string File => Path.Combine(_folder.Root, ".reserve");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task WriteWithReserve_FullDisk_GivesUpTheReserveAndSucceeds()
    {
        await using var database = await FullAsync();

        (await database.WriteWithReserveAsync(Insert, CancellationToken.None)).ShouldBe(1);

        System.IO.File.Exists(File).ShouldBeFalse();
        (await database.ReadAsync(session => session.Scalar("SELECT count(*) FROM big"), CancellationToken.None)).ShouldBe(1L);
        new FileInfo(Path.Combine(_folder.Root, MainDatabase.FileName + "-wal")).Length.ShouldBeLessThan(2 * Reserve); // it was truncated before
    }

    [Fact]
    public async Task Write_FullDisk_IsRefusedAndLeavesTheReserve()
    {
        await using var database = await FullAsync();

        var error = await Should.ThrowAsync<StoreUnavailableException>(() => database.WriteAsync(Insert, Durability.Disk, CancellationToken.None));

        error.Problem.ShouldBe(StoreProblem.Full);
        System.IO.File.Exists(File).ShouldBeTrue();
    }

    [Fact]
    public async Task WriteWithReserve_BesideOrdinaryWrites_OnlyItUsesTheReserve()
    {
        await using var database = await FullAsync();
        using var begun = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        var first = database.WriteAsync(_ => // the next two come into one group while it runs
        {
            begun.Set();
            return go.Wait(TimeSpan.FromSeconds(30));
        }, Durability.Process, CancellationToken.None);
        begun.Wait(TimeSpan.FromSeconds(30)).ShouldBeTrue();
        var ordinary = database.WriteAsync(Insert, Durability.Disk, CancellationToken.None);
        var urgent = database.WriteWithReserveAsync(Insert, CancellationToken.None);
        go.Set();

        (await first).ShouldBeTrue();
        await Should.ThrowAsync<StoreUnavailableException>(() => ordinary);
        (await urgent).ShouldBe(1);
        (await database.ReadAsync(session => session.Scalar("SELECT count(*) FROM big"), CancellationToken.None)).ShouldBe(1L);
    }

    [Theory]
    [InlineData(100 << 20, 1 << 30, true)]
    [InlineData(33 << 20, 1 << 30, true)]
    [InlineData(32 << 20, 1 << 30, false)] // not more than what uploads leave
    public async Task Check_FreeSpace_DecidesBeforeTheReserve(long free, long total, bool fits)
    {
        var space = Space(new Volume(free, total), new SpaceLimits(32 << 20, 0));

        await CheckAsync(space, 0, fits);
    }

    [Fact]
    public async Task Check_ReserveWasGivenUp_ItsSpaceIsNotForUploads()
    {
        var (clock, volume) = (new FakeTimeProvider(), new Volume(10 << 20, 1 << 30));
        var space = Space(volume, new SpaceLimits(1 << 20, Reserve), clock);
        space.RestoreReserve().ShouldBeTrue();
        new SpaceReserve(_folder.Root).GiveUp().ShouldBeTrue();

        await CheckAsync(space, 0, true);
        volume.Free = 2 << 20;
        clock.Advance(TimeSpan.FromSeconds(1));
        await CheckAsync(space, 0, false);
        space.RestoreReserve().ShouldBeFalse(); // uploads would have nothing left, and the disk would be full again
        volume.Free = (2 << 20) + 1;
        space.RestoreReserve().ShouldBeTrue();
        new FileInfo(File).Length.ShouldBe(Reserve);
    }

    [Fact]
    public async Task Check_ManyPieces_CountsThemBetweenTwoMeasurements()
    {
        var (clock, volume) = (new FakeTimeProvider(), new Volume((32 << 20) + 3000, 1 << 30));
        var space = Space(volume, new SpaceLimits(32 << 20, 0), clock);

        await CheckAsync(space, 1000, true);
        await CheckAsync(space, 1000, true);
        volume.Reads.ShouldBe(1);
        volume.Free -= 2000;
        await CheckAsync(space, 1000, false); // measured again before it is refused
        volume.Free += 2000;
        await CheckAsync(space, 1000, true);
    }

    [Theory]
    [InlineData(64L << 20, (64 << 20) / 20)] // small disks keep a part
    [InlineData(1L << 40, 256 << 20)]
    public async Task Check_NothingConfigured_KeepsATwentiethAtMost(long total, long kept)
    {
        var volume = new Volume(kept + Math.Min(16 << 20, total / 20), total); // the reserve is not there yet
        var space = Space(volume, new SpaceLimits(null, null));

        await CheckAsync(space, 0, false);
        volume.Free++;
        await CheckAsync(space, 0, true);
    }

    [Fact]
    public void SystemVolume_OfAFolder_KnowsItsSpace()
    {
        var (free, total) = new SystemVolume().Read(_folder.Root).ShouldNotBeNull();

        total.ShouldBeGreaterThan(0);
        free.ShouldBeInRange(1, total);
        new SystemVolume().Read(Path.Combine(_folder.Root, "none")).ShouldBeNull();
    }

    private static async Task CheckAsync(EmbeddedStorageSpace space, long bytes, bool fits)
    {
        if (fits)
            await space.CheckAsync(bytes, CancellationToken.None);
        else
            (await Should.ThrowAsync<StoreUnavailableException>(async () => await space.CheckAsync(bytes, CancellationToken.None))).Problem.ShouldBe(StoreProblem.NearlyFull);
    }

    private EmbeddedStorageSpace Space(Volume volume, SpaceLimits limits, TimeProvider? time = null) =>
        new(_folder.Data, limits, volume, time ?? new FakeTimeProvider());

    // A database that cannot grow as long as there is a reserve.
    private async Task<SqliteDatabase> FullAsync()
    {
        new SpaceReserve(_folder.Root).Create(Reserve);
        var database = MainDatabase.Open(_folder.Data);
        await database.WriteAsync(scope => scope.Session.Run("CREATE TABLE big(bytes BLOB)"), Durability.Disk, CancellationToken.None);
        return database;
    }

    private int Insert(WriteScope scope)
    {
        scope.Session.Scalar($"PRAGMA max_page_count={(System.IO.File.Exists(File) ? 1 : 1_000_000)}");
        return scope.Session.Run("INSERT INTO big VALUES(randomblob(200000))");
    }

    private sealed class Volume(long free, long total) : IVolume
    {
        public long Free { get; set; } = free;

        public int Reads { get; private set; }

        public (long Free, long Total)? Read(string folder)
        {
            Reads++;
            return (Free, total);
        }
    }
}
