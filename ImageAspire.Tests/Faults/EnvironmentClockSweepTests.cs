using System.Net;
using ImageAspire.Api.Access;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Uploads;
using ImageAspire.Core.Webhooks;
using ImageAspire.Embedded;
using ImageAspire.Embedded.Blobs;
using ImageAspire.Embedded.Uploads;
using ImageAspire.Embedded.Webhooks;
using ImageAspire.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ImageAspire.Tests.Faults;

/// <summary>The system's clock is set by a day, while uploads are under way, a webhook waits or an address is locked out.</summary>
[Trait("Category", "Slow")]
public sealed class EnvironmentClockSweepTests : IDisposable
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private readonly TempFolder _folder = new();
    private readonly ShiftedClock _clock = new(TimeProvider.System);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task SetForward_OrphanSweep_KeepsYoungBlobsUntilTheirAgeIsKnown()
    {
        var (time, clock) = ShiftedClock.Fake();
        var blobs = new EmbeddedBlobStore(_folder.Data, clock);
        await using var services = Services();
        var sweeper = new OrphanSweeper(services.GetRequiredService<IImageCatalog>(), blobs, clock, NullLogger<OrphanSweeper>.Instance);
        var name = BlobNames.Original(new string('d', 64), Guid.CreateVersion7());
        await using (var staged = await blobs.StageAsync(CancellationToken.None))
            await staged.CommitAsync(name, "image/jpeg", CancellationToken.None);
        var age = TimeSpan.FromHours(1);
        time.Advance(age); // in which the clock was steady; the blob is an orphan now

        clock.Shift(Day); // an upload of a moment ago looks a day old, too
        (await sweeper.RemoveOrphansAsync(age, CancellationToken.None)).ShouldBe(0);
        time.Advance(age / 2);
        (await sweeper.RemoveOrphansAsync(age, CancellationToken.None)).ShouldBe(0);
        time.Advance(age / 2);
        (await sweeper.RemoveOrphansAsync(age, CancellationToken.None)).ShouldBe(1);
        await blobs.DisposeAsync();
    }

    [Fact]
    public async Task SetForward_UploadSweep_WaitsAnHour()
    {
        var (time, clock) = ShiftedClock.Fake();
        await using var uploads = new EmbeddedUploadStore(_folder.Data, clock);
        var sweeper = new UploadSweeper(uploads, clock, NullLogger<UploadSweeper>.Instance);
        await uploads.CreateAsync(new ResumableUpload
        {
            Id = Guid.CreateVersion7(), Owner = Guid.CreateVersion7(), Name = "a.jpg", Length = 10, CreatedAt = clock.GetUtcNow(), KeptFor = Day / 2,
        }, CancellationToken.None);

        clock.Shift(Day);
        (await sweeper.RemoveExpiredAsync(CancellationToken.None)).ShouldBe(0);
        time.Advance(TimeSpan.FromMinutes(59));
        (await sweeper.RemoveExpiredAsync(CancellationToken.None)).ShouldBe(0);
        time.Advance(TimeSpan.FromMinutes(1));
        (await sweeper.RemoveExpiredAsync(CancellationToken.None)).ShouldBe(1);
    }

    [Fact]
    public async Task SetForward_WhileAnUploadIsUnderWay_ItIsNotCleanedUp()
    {
        await using var blobs = new EmbeddedBlobStore(_folder.Data, TimeProvider.System);
        await using var upload = await blobs.StageAsync(CancellationToken.None);
        await upload.Content.WriteAsync(new byte[] { 1, 2, 3 });
        var abandoned = Path.Combine(_folder.Root, "blobs", ".staging", "left-by-a-crash");
        await File.WriteAllBytesAsync(abandoned, [1]);
        _clock.Shift(Day);

        // Another process's store, or a new one's: it cleans when it stages for the first time.
        await using var other = new EmbeddedBlobStore(_folder.Data, _clock);
        await using (await other.StageAsync(CancellationToken.None))
        {
        }

        File.Exists(abandoned).ShouldBeFalse();
        var name = BlobNames.Original(new string('e', 64), Guid.CreateVersion7());
        (await upload.CommitAsync(name, "image/jpeg", CancellationToken.None)).ShouldBeTrue();
        (await blobs.StatAsync(name, CancellationToken.None))!.Bytes.ShouldBe(3);
    }

    [Theory]
    [InlineData(0)] // recorded, and then the clock is set back
    [InlineData(1)] // it is set right again while the receiver answers
    [InlineData(2)] // the try was recorded while it was ahead, and repeated by an operator
    public async Task SetBack_WhileAWebhookWaitsForItsNextTry_ItIsDueInItsTime(int when)
    {
        var clock = new FakeTimeProvider(Samples.Noon);
        await using var database = WebhookSchema.Open(_folder.Data);
        var (hooks, deliveries) = (new EmbeddedWebhookStore(database), new EmbeddedWebhookDeliveries(database, clock));
        var hook = new Webhook
        {
            Id = Guid.CreateVersion7(), Version = 1, Url = "https://example.com/", Types = Webhook.AllTypes, Enabled = true, Secret = WebhookSignature.NewSecret(),
            CreatedAt = clock.GetUtcNow(), CreatedBy = "tester",
        };
        await hooks.AddAsync(hook, CancellationToken.None);
        await deliveries.EnqueueAsync([WebhookDeliveries.Test(hook, "tester", clock.GetUtcNow())], CancellationToken.None);
        var claim = (await deliveries.ClaimAsync(hook.Id, 1, TimeSpan.FromMinutes(1), CancellationToken.None)).ShouldHaveSingleItem();
        var attempt = new DeliveryAttempt { Number = 1, At = clock.GetUtcNow(), DurationMs = 5, Status = 500 };
        if (when == 1)
            clock.AdjustTime(clock.GetUtcNow() - Day);
        await deliveries.RecordAsync(claim, attempt, DeliveryState.Pending, TimeSpan.FromSeconds(30), CancellationToken.None);
        if (when == 2)
        {
            clock.AdjustTime(clock.GetUtcNow() + Day);
            await deliveries.RequeueAsync(hook.Id, claim.Delivery.Id, CancellationToken.None);
        }

        if (when != 1)
            clock.AdjustTime(clock.GetUtcNow() - Day);
        if (when != 2)
            (await deliveries.ClaimAsync(hook.Id, 1, TimeSpan.FromMinutes(1), CancellationToken.None)).ShouldBeEmpty();
        clock.Advance(TimeSpan.FromSeconds(31));

        (await deliveries.ClaimAsync(hook.Id, 1, TimeSpan.FromMinutes(1), CancellationToken.None)).Count.ShouldBe(1);
    }

    [Fact]
    public void Set_WhileAnAddressIsLockedOut_NeitherProlongsNorEndsThat()
    {
        var (time, clock) = ShiftedClock.Fake();
        var anonymousCalls = new AnonymousCallLimiter(new AccessOptions { WrongKeys = 1, LockOutTime = TimeSpan.FromMinutes(1) }, clock);
        anonymousCalls.RecordWrongKey(IPAddress.Loopback).ShouldBeTrue();

        clock.Shift(Day);
        anonymousCalls.IsLockedOut(IPAddress.Loopback, out _).ShouldBeTrue();
        clock.Shift(-2 * Day);
        anonymousCalls.IsLockedOut(IPAddress.Loopback, out var seconds).ShouldBeTrue();
        seconds.ShouldBe(60);
        time.Advance(TimeSpan.FromMinutes(1));
        anonymousCalls.IsLockedOut(IPAddress.Loopback, out _).ShouldBeFalse();
    }

    private ServiceProvider Services() => new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(_clock)
        .AddEmbeddedBackend(options => options.DataFolder = _folder.Root).BuildServiceProvider();
}
