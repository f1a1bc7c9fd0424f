using ImageAspire.Core.Events;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Stores;
using ImageAspire.Embedded;
using ImageAspire.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ImageAspire.Tests.Worker;

/// <summary>What is in the trash goes when its time is over, and not before.</summary>
public sealed class TrashSweeperTests : IAsyncDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Month = TimeSpan.FromDays(30);
    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly ServiceProvider _services;
    private readonly TrashSweeper _sweeper;

    public TrashSweeperTests()
    {
        _services = new ServiceCollection().AddLogging().AddEmbeddedBackend(options => options.DataFolder = _folder.Root).BuildServiceProvider();
        _sweeper = Sweeper();
    }

    private IImageCatalog Catalog => _services.GetRequiredService<IImageCatalog>();

    private IBlobStore Blobs => _services.GetRequiredService<IBlobStore>();

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Purge_TimeIsOver_ErasesRecordAndBytesAndSaysSo()
    {
        var audit = new List<ImageEvent>();
        await using var log = await _services.GetRequiredService<IEventBus>().SubscribeAsync(new SubscriptionOptions("log") { IsInstance = true }, (message, _) =>
        {
            lock (audit)
                audit.Add(message.Event);
            return Task.FromResult(MessageOutcome.Completed);
        }, None);
        var (first, live) = (await TrashAsync(1), await UploadAsync(2));
        _time.Advance(TimeSpan.FromDays(1));
        var second = await TrashAsync(3);

        _time.Advance(Month - TimeSpan.FromDays(1) - TimeSpan.FromSeconds(1));
        (await _sweeper.PurgeAsync(None)).ShouldBe(0);
        _time.Advance(TimeSpan.FromSeconds(1));
        (await _sweeper.PurgeAsync(None)).ShouldBe(1);

        (await Catalog.GetWithTrashAsync(first.Id, None)).ShouldBeNull();
        (await Blobs.StatAsync(first.BlobName, None)).ShouldBeNull();
        (await Catalog.GetWithTrashAsync(second.Id, None)).ShouldNotBeNull();
        (await Blobs.StatAsync(second.BlobName, None)).ShouldNotBeNull();
        (await Catalog.GetAsync(live.Id, None)).ShouldNotBeNull();
        await Eventually.TrueAsync(() =>
        {
            lock (audit)
                return audit.Any(e => e.Type == ImageEventTypes.Purged && e.ImageId == first.Id && e.Data.Actor == "Sweeper");
        });
    }

    [Fact]
    public async Task Purge_MoreThanAPage_ErasesAllAndTwoWorkersEachOnce()
    {
        var images = Enumerable.Range(0, 450).Select(i => Samples.Image($"{i}.jpg", i)).ToList();
        await Catalog.CommitAsync([.. images.Select(image => image.Insert())], None);
        await Catalog.CommitAsync([.. images.Select(image => ImageLifecycle.Trash(image, Month, Now())!)], None);
        _time.Advance(Month);

        var counts = await Task.WhenAll(_sweeper.PurgeAsync(None), Sweeper().PurgeAsync(None));

        counts.Sum().ShouldBe(450);
    }

    [Fact]
    public async Task Purge_AfterTheClockJumped_WaitsAnHour()
    {
        var image = await TrashAsync(1);
        var clock = new JumpingClock();
        var sweeper = Sweeper(clock);
        (await sweeper.PurgeAsync(None)).ShouldBe(0);

        clock.Ahead = Month * 2;
        (await sweeper.PurgeAsync(None)).ShouldBe(0);
        clock.Elapsed = TimeSpan.FromMinutes(59);
        (await sweeper.PurgeAsync(None)).ShouldBe(0);
        (await Catalog.GetWithTrashAsync(image.Id, None)).ShouldNotBeNull();
        clock.Elapsed = TimeSpan.FromMinutes(61); // it was right

        (await sweeper.PurgeAsync(None)).ShouldBe(1);
    }

    [Fact]
    public async Task Orphans_BytesOfAnImageInTheTrash_AreNone()
    {
        var image = await TrashAsync(1);
        var orphans = new OrphanSweeper(Catalog, Blobs, TimeProvider.System, NullLogger<OrphanSweeper>.Instance);

        (await orphans.RemoveOrphansAsync(TimeSpan.Zero, None)).ShouldBe(0);

        (await Blobs.StatAsync(image.BlobName, None)).ShouldNotBeNull();
    }

    private TrashSweeper Sweeper(TimeProvider? time = null) => new(Catalog, _services.GetRequiredService<IImageTrash>(),
        new ImageEraser(Blobs, _services.GetRequiredService<IScrubFindingStore>()), time ?? _time, NullLogger<TrashSweeper>.Instance);

    private Cause Now() => Cause.Now("tester", _time);

    private async Task<ImageRecord> TrashAsync(int seed) =>
        (await Catalog.TransitionAsync((await UploadAsync(seed)).Id, record => ImageLifecycle.Trash(record, Month, Now()), None))!.After!;

    private async Task<ImageRecord> UploadAsync(int seed)
    {
        var receive = new ReceiveImage(Catalog, Blobs, _services.GetRequiredService<IScrubFindingStore>(), TimeProvider.System);
        var staged = await receive.StageAsync(new MemoryStream(TestImages.Jpeg(seed: seed)), "a.jpg", 1 << 20, None);
        return (await receive.CommitAsync([staged], new Uploader("tester"), None))[0].Record;
    }

    /// <summary>Set forward without that time passing.</summary>
    private sealed class JumpingClock : TimeProvider
    {
        private readonly DateTimeOffset _begin = System.GetUtcNow();

        public TimeSpan Ahead { get; set; }

        public TimeSpan Elapsed { get; set; }

        public override DateTimeOffset GetUtcNow() => _begin + Ahead + Elapsed;

        public override long GetTimestamp() => Elapsed.Ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;
    }
}
