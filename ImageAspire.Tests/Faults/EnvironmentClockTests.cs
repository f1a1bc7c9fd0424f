using System.Collections.Concurrent;
using ImageAspire.Core.Ports;
using ImageAspire.Embedded;
using ImageAspire.Embedded.Sqlite;
using ImageAspire.Embedded.Topic;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

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
        var locked = await ClaimAsync(topic, options, topic.ProcessId);
        await topic.Database.WriteAsync(scope => topic.Clock.Adjust(scope.Session), Durability.Process, CancellationToken.None);

        locked.Count.ShouldBe(1);
        (await topic.Database.WriteAsync(
            scope => MessageClaims.Claim(scope.Session, options, 1, null, _clock.GetUtcNow()), Durability.Process, CancellationToken.None)).ShouldBeEmpty();
        await topic.DisposeAsync();
    }

    [Fact]
    public async Task SetForwardAndRightAgain_BeforeItIsNoticed_ARetryComesInItsTimeAndNotADayLater()
    {
        await using var services = Services();
        await using var topic = new TopicRuntime(services.GetRequiredService<SqliteDatabase>(), _clock, NullLogger.Instance);
        await PublishAsync(services);
        var options = new SubscriptionOptions("inspect-image");
        var message = (await ClaimAsync(topic, options)).ShouldHaveSingleItem();

        _clock.Shift(Day);
        await new Settlement(topic, options, CancellationToken.None).SettleAsync(message, new MessageOutcome.RetryAfter(TimeSpan.Zero));
        _clock.Shift(-Day);

        (await ClaimAsync(topic, options)).ShouldHaveSingleItem().Sequence.ShouldBe(message.Sequence);
    }

    [Fact]
    public async Task SetForwardAndRightAgain_WhileTheMessagesOfADeadProcessAreReleased_TheyComeAtOnce()
    {
        await using var services = Services();
        await using var topic = new TopicRuntime(services.GetRequiredService<SqliteDatabase>(), _clock, NullLogger.Instance);
        await PublishAsync(services);
        var options = new SubscriptionOptions("inspect-image");
        await ClaimAsync(topic, options, "dead");

        _clock.Shift(Day);
        (await topic.Database.WriteAsync(scope => MessageClaims.ReleaseAll(scope.Session, "dead"), Durability.Process, CancellationToken.None)).ShouldBe(1);
        _clock.Shift(-Day);

        (await ClaimAsync(topic, options)).Count.ShouldBe(1);
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

    private static Task<List<LockedMessage>> ClaimAsync(TopicRuntime topic, SubscriptionOptions options, string? processId = null) => topic.Database.WriteAsync(
        scope => MessageClaims.Claim(scope.Session, options, 1, processId, topic.Clock.Now(scope.Session)), Durability.Process, CancellationToken.None);

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
