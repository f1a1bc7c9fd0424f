using ImageAspire.Core.Events;
using ImageAspire.Core.Images;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;
using ImageAspire.Embedded;
using ImageAspire.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ImageAspire.Tests.Worker;

public sealed class SweeperTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private ServiceProvider _services = null!;
    private StrandedSweeper _stranded = null!;
    private OrphanSweeper _orphans = null!;

    private IImageCatalog Catalog => _services.GetRequiredService<IImageCatalog>();

    private IEventBus Bus => _services.GetRequiredService<IEventBus>();

    private ITopicOperations Operations => _services.GetRequiredService<ITopicOperations>();

    public ValueTask InitializeAsync()
    {
        _services = new ServiceCollection().AddLogging().AddEmbeddedBackend(options => options.DataFolder = _folder.Root).BuildServiceProvider();
        _stranded = new StrandedSweeper(Catalog, Operations, TimeProvider.System, NullLogger<StrandedSweeper>.Instance);
        _orphans = new OrphanSweeper(Catalog, Blobs, TimeProvider.System, NullLogger<OrphanSweeper>.Instance);
        return ValueTask.CompletedTask;
    }

    private IBlobStore Blobs => _services.GetRequiredService<IBlobStore>();

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task AnnounceStranded_MessageOnItsWay_LeavesItAlone()
    {
        await UploadAsync(1);

        (await _stranded.AnnounceStrandedAsync(TimeSpan.Zero, CancellationToken.None)).ShouldBe(0);
    }

    [Fact]
    public async Task AnnounceStranded_MessageLost_AnnouncesTheImageAgain()
    {
        var record = await UploadAsync(2);
        await LoseMessagesAsync("inspect-image");

        (await _stranded.AnnounceStrandedAsync(TimeSpan.FromHours(1), CancellationToken.None)).ShouldBe(0); // not that long yet
        (await _stranded.AnnounceStrandedAsync(TimeSpan.Zero, CancellationToken.None)).ShouldBe(1);

        var again = new TaskCompletionSource<ImageEvent>();
        await using var stage = await Bus.SubscribeAsync(new SubscriptionOptions("inspect-image") { Types = [ImageEventTypes.Received] }, (message, _) =>
        {
            again.TrySetResult(message.Event);
            return Task.FromResult(MessageOutcome.Completed);
        }, CancellationToken.None);
        (await again.Task.WaitAsync(TimeSpan.FromSeconds(30))).ImageId.ShouldBe(record.Id);
    }

    [Fact]
    public async Task AnnounceStranded_ImageOfAClockThatWasAhead_IsAnnounced()
    {
        await UploadAsync(6);
        await LoseMessagesAsync("inspect-image");

        (await Sweeper(TimeSpan.FromHours(-1)).AnnounceStrandedAsync(TimeSpan.FromMinutes(30), CancellationToken.None)).ShouldBe(1);
    }

    [Fact]
    public async Task AnnounceStranded_ImageThatWaits_IsNotReportedAsReceivedTwice()
    {
        await UploadAsync(4);
        await LoseMessagesAsync("inspect-image");
        (await _stranded.AnnounceStrandedAsync(TimeSpan.Zero, CancellationToken.None)).ShouldBe(1);

        var reports = _services.GetRequiredService<IReportStore>();
        var announced = 0;
        await using var stage = await Bus.SubscribeAsync(new SubscriptionOptions("update-reports"), async (message, token) =>
        {
            await reports.ApplyAsync(message.Event, token);
            Interlocked.Increment(ref announced);
            return MessageOutcome.Completed;
        }, CancellationToken.None);
        await Eventually.TrueAsync(() => Task.FromResult(Volatile.Read(ref announced) == 2));

        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        (await reports.DailyAsync(today.AddDays(-1), today, CancellationToken.None)).Sum(day => day.Received).ShouldBe(1);
    }

    [Fact]
    public async Task AnnounceStranded_TwoWorkersAtOnce_OneAnnounces()
    {
        await UploadAsync(5);
        await LoseMessagesAsync("inspect-image");

        var sweeper = Sweeper(TimeSpan.FromHours(1));
        var counts = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => sweeper.AnnounceStrandedAsync(TimeSpan.FromMinutes(30), CancellationToken.None)));

        counts.Sum().ShouldBe(1);
    }

    [Fact]
    public async Task RemoveOrphans_BlobsWithoutRecord_GoWhenTheyAreOldEnough()
    {
        var kept = await UploadAsync(3);
        var orphan = BlobNames.Original(new string('d', 64), Guid.CreateVersion7());
        var thumbnail = BlobNames.Thumbnail(new string('d', 64), Guid.CreateVersion7(), 256, "image/webp");
        foreach (var name in new[] { orphan, thumbnail })
        {
            await using var staged = await Blobs.StageAsync(CancellationToken.None);
            await staged.Content.WriteAsync(new byte[] { 1, 2, 3 });
            await staged.CommitAsync(name, "image/jpeg", CancellationToken.None);
        }

        (await _orphans.RemoveOrphansAsync(TimeSpan.FromHours(1), CancellationToken.None)).ShouldBe(0);
        (await _orphans.RemoveOrphansAsync(TimeSpan.Zero, CancellationToken.None)).ShouldBe(2);

        (await Blobs.StatAsync(orphan, CancellationToken.None)).ShouldBeNull();
        (await Blobs.StatAsync(kept.BlobName, CancellationToken.None)).ShouldNotBeNull();
    }

    // With a clock that is set differently from that of the upload.
    private StrandedSweeper Sweeper(TimeSpan ahead) =>
        new(Catalog, Operations, new FakeTimeProvider(TimeProvider.System.GetUtcNow() + ahead), NullLogger<StrandedSweeper>.Instance);

    private async Task<ImageRecord> UploadAsync(int seed)
    {
        var receive = new ReceiveImage(Catalog, Blobs, _services.GetRequiredService<IScrubFindingStore>(), TimeProvider.System);
        var staged = await receive.StageAsync(new MemoryStream(TestImages.Jpeg(seed: seed)), "a.jpg", 1 << 20, CancellationToken.None);
        return (await receive.CommitAsync([staged], new Uploader("tester"), CancellationToken.None))[0].Record;
    }

    private async Task LoseMessagesAsync(string subscription)
    {
        var types = StageCatalog.Subscriptions.First(one => one.Name == subscription).Types;
        await using var thief = await Bus.SubscribeAsync(new SubscriptionOptions(subscription) { Types = types },
            (_, _) => Task.FromResult(MessageOutcome.Completed), CancellationToken.None);
        await Eventually.TrueAsync(async () =>
            (await Operations.GetStatusAsync(CancellationToken.None)).Single(one => one.Name == subscription) is { Active: 0, InFlight: 0 });
    }
}
