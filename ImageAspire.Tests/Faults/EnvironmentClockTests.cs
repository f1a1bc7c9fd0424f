using System.Collections.Concurrent;
using System.Net;
using ImageAspire.Api.Access;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Uploads;
using ImageAspire.Core.Webhooks;
using ImageAspire.Embedded;
using ImageAspire.Embedded.Blobs;
using ImageAspire.Embedded.Sqlite;
using ImageAspire.Embedded.Topic;
using ImageAspire.Embedded.Uploads;
using ImageAspire.Embedded.Webhooks;
using ImageAspire.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ImageAspire.Tests.Faults;

/// <summary>The system's clock is set by a day, while messages are locked, wait for a retry, or uploads are under way.</summary>
[Trait("Category", "Slow")]
public sealed class EnvironmentClockTests : IDisposable
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private readonly TempFolder _folder = new();
    private readonly ShiftedClock _clock = new(TimeProvider.System);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task SetBack_WhileARetryWaits_ItComesInItsTimeAndNotADayLater()
    {
        await using var services = Services();
        var deliveries = new ConcurrentQueue<int>();
        await using var stage = await SubscribeAsync(services, (message, _) =>
        {
            deliveries.Enqueue(message.DeliveryCount);
            return Task.FromResult<MessageOutcome>(deliveries.Count == 1 ? new MessageOutcome.RetryAfter(TimeSpan.FromSeconds(2)) : MessageOutcome.Completed);
        });
        await PublishAsync(services);
        await Eventually.TrueAsync(async () => (await StatusAsync(services)).Scheduled == 1);

        _clock.Shift(-Day);

        await Eventually.TrueAsync(() => deliveries.Count == 2);
        deliveries.ShouldBe([1, 2]);
        await Eventually.TrueAsync(async () => await StatusAsync(services) is { Active: 0, InFlight: 0, Scheduled: 0 });
    }

    [Fact]
    public async Task SetBack_WhileADeadWorkersLockRuns_TheMessageComesWhenTheLockWouldHaveRunOut()
    {
        await using var services = Services();
        await PublishAsync(services);
        // A worker that took the message and was never heard of again.
        var subscription = new SubscriptionOptions("inspect-image") { LockDuration = TimeSpan.FromSeconds(4) };
        var database = services.GetRequiredService<SqliteDatabase>();
        (await database.WriteAsync(scope => MessageClaims.Claim(scope.Session, subscription, 1, processId: null, _clock.GetUtcNow()), Durability.Process, CancellationToken.None))
            .Count.ShouldBe(1);
        var again = new TaskCompletionSource<int>();
        await using var stage = await SubscribeAsync(services, (message, _) =>
        {
            again.TrySetResult(message.DeliveryCount);
            return Task.FromResult(MessageOutcome.Completed);
        });

        _clock.Shift(-Day);

        (await again.Task.WaitAsync(TimeSpan.FromSeconds(60))).ShouldBe(2);
    }

    [Fact]
    public async Task SetBack_BeforeAMessageIsLocked_TheLockIsNotMovedIntoThePast()
    {
        await using var services = Services();
        var topic = new TopicRuntime(services.GetRequiredService<SqliteDatabase>(), _clock, NullLogger.Instance);
        await topic.EnsureStartedAsync(); // the topic has seen the time
        var began = new TaskCompletionSource();
        await PublishAsync(services);
        _clock.Shift(-Day);

        // Nothing has noticed the jump before the message is locked.
        var options = new SubscriptionOptions("inspect-image") { LockDuration = TimeSpan.FromMinutes(1) };
        var locked = await topic.Database.WriteAsync(
            scope => MessageClaims.Claim(scope.Session, options, 1, topic.ProcessId, topic.Clock.Now(scope.Session)), Durability.Process, CancellationToken.None);
        await topic.Database.WriteAsync(scope => topic.Clock.Adjust(scope.Session), Durability.Process, CancellationToken.None);

        locked.Count.ShouldBe(1);
        (await topic.Database.WriteAsync(
            scope => MessageClaims.Claim(scope.Session, options, 1, null, _clock.GetUtcNow()), Durability.Process, CancellationToken.None)).ShouldBeEmpty();
        await topic.DisposeAsync();
    }

    [Fact]
    public async Task SetForward_WhileAMessageIsLocked_ItIsDoneAndNothingIsLost()
    {
        await using var services = Services();
        var began = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        var done = 0;
        await using var stage = await SubscribeAsync(services, async (_, _) =>
        {
            began.TrySetResult();
            await release.Task;
            Interlocked.Increment(ref done);
            return MessageOutcome.Completed;
        });
        await PublishAsync(services);
        await began.Task;

        _clock.Shift(Day); // the lock looks expired: another delivery may start, which stages tolerate
        release.SetResult();

        await Eventually.TrueAsync(async () => await StatusAsync(services) is { Active: 0, InFlight: 0, Scheduled: 0, DeadLettered: 0 });
        done.ShouldBeInRange(1, 2);
    }

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

    [Fact]
    public async Task SetBack_WhileAWebhookWaitsForItsNextTry_ItIsDueInItsTime()
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
        await deliveries.RecordAsync(claim, attempt, DeliveryState.Pending, clock.GetUtcNow().AddSeconds(30), CancellationToken.None);

        clock.AdjustTime(clock.GetUtcNow() - Day);
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

    private static Task<IAsyncDisposable> SubscribeAsync(IServiceProvider services, MessageHandler handler) =>
        services.GetRequiredService<IEventBus>().SubscribeAsync(
            new SubscriptionOptions("inspect-image") { Concurrency = 1 }, handler, CancellationToken.None);

    private static Task PublishAsync(IServiceProvider services) =>
        services.GetRequiredService<IEventBus>().PublishAsync([Samples.Image().Insert().Event], null, CancellationToken.None);

    private static async Task<SubscriptionStatus> StatusAsync(IServiceProvider services) =>
        (await services.GetRequiredService<ITopicOperations>().GetStatusAsync(CancellationToken.None)).Single(one => one.Name == "inspect-image");
}
