using System.Collections.Concurrent;
using ImageAspire.Core.Events;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Ports;

namespace ImageAspire.Tests.Contracts;

/// <summary>What every <see cref="IEventBus"/> must do. One store per test; several instances on it, as several processes would have them.</summary>
public abstract partial class EventBusContract
{
    private static readonly CancellationToken None = CancellationToken.None;

    /// <summary>One more instance on this test's store.</summary>
    protected abstract IEventBus Open();

    /// <summary>The operators' side of one more instance on this test's store.</summary>
    protected abstract ITopicOperations OpenOperations();

    /// <summary>False where locked messages are counted among the active ones, and scheduled messages only for the topic as a whole.</summary>
    protected virtual bool CountsApart => true;

    /// <summary>The shortest lock that the bus has; two seconds leave a busy machine time to renew it.</summary>
    protected virtual TimeSpan ShortestLock => TimeSpan.FromSeconds(2);

    private ITopicOperations Operations => field ??= OpenOperations();

    [Fact]
    public async Task Publish_TwoSubscriptions_EachGetsItsCopyWithEverythingInIt()
    {
        var bus = Open();
        var e = Event(ImageEventTypes.Received);
        await using var one = await CollectAsync(bus, new SubscriptionOptions("one"));
        await using var two = await CollectAsync(Open(), new SubscriptionOptions("two"));

        await bus.PublishAsync([e], null, None);

        foreach (var subscriber in new[] { one, two })
        {
            var message = (await subscriber.WaitForAsync(1))[0];
            CloudEvents.Write(message.Event).ShouldBe(CloudEvents.Write(e));
            message.DeliveryCount.ShouldBe(1);
        }
    }

    [Fact]
    public async Task Publish_Filters_OnlyWhatMatchesIsDelivered()
    {
        var bus = Open();
        var wanted = Event(ImageEventTypes.Analyzed);
        var ofImage = Event(ImageEventTypes.Failed);
        await using var byType = await CollectAsync(bus, new SubscriptionOptions("by-type") { Types = [ImageEventTypes.Analyzed, ImageEventTypes.Failed] });
        await using var bySubject = await CollectAsync(bus, new SubscriptionOptions("by-subject") { Subject = ofImage.ImageId });
        await using var both = await CollectAsync(bus, new SubscriptionOptions("both") { Subject = ofImage.ImageId, Types = [ImageEventTypes.Analyzed] });
        await using var all = await CollectAsync(bus, new SubscriptionOptions("all-of-it"));

        await bus.PublishAsync([Event(ImageEventTypes.Received), wanted, ofImage, Event(ImageEventTypes.Deleted)], null, None);

        (await byType.WaitForAsync(2)).Select(m => m.Event.Id).ShouldBe([wanted.Id, ofImage.Id], ignoreOrder: true);
        (await bySubject.WaitForAsync(1)).Select(m => m.Event.Id).ShouldBe([ofImage.Id]);
        (await all.WaitForAsync(4)).Count.ShouldBe(4);
        await SettledAsync("both");
        both.Messages.ShouldBeEmpty();
    }

    [Fact]
    public async Task Publish_SameIdAgain_IsDropped()
    {
        var bus = Open();
        var e = Event(ImageEventTypes.Received);
        var last = Event(ImageEventTypes.Deleted);
        await using var subscriber = await CollectAsync(bus, new SubscriptionOptions("one"));

        await bus.PublishAsync([e, e], null, None);
        await Open().PublishAsync([e], null, None);
        await bus.PublishAsync([last], null, None);

        (await subscriber.WaitForAsync(2)).Select(m => m.Event.Id).ShouldBe([e.Id, last.Id], ignoreOrder: true);
        await SettledAsync("one");
        subscriber.Messages.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Subscribe_NoConsumer_MessagesWait()
    {
        await (await CollectAsync(Open(), new SubscriptionOptions("one"))).DisposeAsync(); // now it exists
        var e = Event(ImageEventTypes.Received);
        await Open().PublishAsync([e], null, None);

        await using var later = await CollectAsync(Open(), new SubscriptionOptions("one"));

        (await later.WaitForAsync(1))[0].Event.Id.ShouldBe(e.Id);
    }

    [Fact]
    public async Task Subscribe_CreatedLater_StartsAtTheEnd()
    {
        var bus = Open();
        var after = Event(ImageEventTypes.Received);
        await bus.PublishAsync([Event(ImageEventTypes.Received)], null, None);
        await using var subscriber = await CollectAsync(bus, new SubscriptionOptions("late"));

        await bus.PublishAsync([after], null, None);

        (await subscriber.WaitForAsync(1))[0].Event.Id.ShouldBe(after.Id);
    }

    [Fact]
    public async Task Consumers_TwoInstancesOneSubscription_ShareEveryMessageOnce()
    {
        const int Count = 2_000;
        var bus = Open();
        await using var one = await CollectAsync(Open(), new SubscriptionOptions("shared") { Concurrency = 4 });
        await using var two = await CollectAsync(Open(), new SubscriptionOptions("shared") { Concurrency = 4 });
        var events = Enumerable.Range(0, Count).Select(_ => Event(ImageEventTypes.Received)).ToList();

        foreach (var batch in events.Chunk(100))
            await bus.PublishAsync(batch, null, None);

        await Eventually.TrueAsync(() => one.Messages.Count + two.Messages.Count >= Count);
        await SettledAsync("shared");
        one.Messages.Concat(two.Messages).Select(m => m.Event.Id).ShouldBe(events.Select(e => e.Id), ignoreOrder: true);
    }

    [Fact]
    public async Task Schedule_Later_IsCountedAndDeliveredThen()
    {
        var bus = Open();
        await using var subscriber = await CollectAsync(bus, new SubscriptionOptions("one"));
        var due = TimeProvider.System.GetUtcNow() + TimeSpan.FromMilliseconds(500);

        await bus.PublishAsync([Event(ImageEventTypes.Received)], due, None);

        (await StatusAsync("one")).Scheduled.ShouldBeInRange(1, CountsApart ? 1 : long.MaxValue);
        await subscriber.WaitForAsync(1);
        TimeProvider.System.GetUtcNow().ShouldBeGreaterThanOrEqualTo(due);
        await SettledAsync("one");
    }

    [Fact]
    public async Task Status_WaitingInFlightAndRetry_AreCountedApart()
    {
        var bus = Open();
        var go = new TaskCompletionSource();
        await using var subscriber = await bus.SubscribeAsync(new SubscriptionOptions("one") { Types = [ImageEventTypes.Received], Concurrency = 2 }, async (m, _) =>
        {
            if (m.Event.Data.Name == "later")
                return new MessageOutcome.RetryAfter(TimeSpan.FromHours(1));
            await go.Task;
            return MessageOutcome.Completed;
        }, None);

        await bus.PublishAsync([Event(ImageEventTypes.Received, "later")], null, None);
        await Eventually.TrueAsync(async () => (await StatusAsync("one")) is { Active: 0, InFlight: 0, Scheduled: >= 1 });
        await bus.PublishAsync([.. Enumerable.Range(0, 5).Select(_ => Event(ImageEventTypes.Received)), Event(ImageEventTypes.Deleted)], null, None);

        var (active, locked) = CountsApart ? (3, 2) : (5, 0);
        await Eventually.TrueAsync(async () => await StatusAsync("one") is { DeadLettered: 0, OldestActiveAt: not null } status
            && (status.Active, status.InFlight) == (active, locked) && (status.Scheduled == 1 || !CountsApart));
        go.SetResult();
        await Eventually.TrueAsync(async () => await StatusAsync("one") is { Active: 0, InFlight: 0, Scheduled: >= 1, OldestActiveAt: null });
    }

    [Fact]
    public async Task Dispose_HandlerRunning_WaitsForIt()
    {
        var bus = Open();
        var began = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        var done = false;
        var subscription = await bus.SubscribeAsync(new SubscriptionOptions("one"), async (_, _) =>
        {
            began.SetResult();
            await go.Task;
            done = true;
            return MessageOutcome.Completed;
        }, None);
        await bus.PublishAsync([Event(ImageEventTypes.Received)], null, None);
        await began.Task;

        var disposing = subscription.DisposeAsync().AsTask();
        var again = subscription.DisposeAsync().AsTask();
        disposing.IsCompleted.ShouldBeFalse();
        again.IsCompleted.ShouldBeFalse();
        go.SetResult();
        await disposing;
        await again;

        done.ShouldBeTrue();
        await SettledAsync("one");
    }

    [Fact]
    public async Task PerInstance_TwoInstances_EachSeesWhatIsPublishedFromNowOnInOrder()
    {
        var bus = Open();
        await bus.PublishAsync([Event(ImageEventTypes.Received)], null, None);
        await using var one = await CollectAsync(Open(), new SubscriptionOptions("live") { IsInstance = true });
        await using var two = await CollectAsync(bus, new SubscriptionOptions("live") { IsInstance = true, Types = [ImageEventTypes.Deleted] });
        var events = Enumerable.Range(0, 500).Select(i => Event(i % 2 == 0 ? ImageEventTypes.Received : ImageEventTypes.Deleted)).ToList();

        foreach (var batch in events.Chunk(50))
            await bus.PublishAsync(batch, null, None);

        (await one.WaitForAsync(500)).Select(m => m.Event.Id).ShouldBe(events.Select(e => e.Id));
        (await two.WaitForAsync(250)).Select(m => m.Event.Id).ShouldBe(events.Where(e => e.Type == ImageEventTypes.Deleted).Select(e => e.Id));
        (await Operations.GetStatusAsync(None)).ShouldNotContain(status => status.Name.StartsWith("live"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Upper")]
    [InlineData("a b")]
    public async Task Subscribe_BadName_IsRefused(string name) =>
        await Should.ThrowAsync<ArgumentException>(() => Open().SubscribeAsync(new SubscriptionOptions(name), (_, _) => Task.FromResult(MessageOutcome.Completed), None));

    private static ImageEvent Event(string type, string name = "a.jpg")
    {
        var record = Samples.Received() with { Id = Guid.CreateVersion7(), Name = name };
        return ImageLifecycle.Delete(record, Samples.Traced with { At = TimeProvider.System.GetUtcNow() }).Event with { Type = type };
    }

    private async Task<SubscriptionStatus> StatusAsync(string name) => (await Operations.GetStatusAsync(None)).Single(one => one.Name == name);

    private Task SettledAsync(string name) =>
        Eventually.TrueAsync(async () => await StatusAsync(name) is { Active: 0, InFlight: 0 } status && (status.Scheduled == 0 || !CountsApart));

    private static Task<Subscriber> CollectAsync(IEventBus bus, SubscriptionOptions options, Func<ReceivedMessage, MessageOutcome>? answer = null) =>
        Subscriber.StartAsync(bus, options, answer ?? (_ => MessageOutcome.Completed));

    private sealed class Subscriber : IAsyncDisposable
    {
        private IAsyncDisposable? _subscription;

        public ConcurrentQueue<ReceivedMessage> Messages { get; } = new();

        public static async Task<Subscriber> StartAsync(IEventBus bus, SubscriptionOptions options, Func<ReceivedMessage, MessageOutcome> answer)
        {
            var subscriber = new Subscriber();
            subscriber._subscription = await bus.SubscribeAsync(options, (message, _) =>
            {
                subscriber.Messages.Enqueue(message);
                return Task.FromResult(answer(message));
            }, None);
            return subscriber;
        }

        public async Task<IReadOnlyList<ReceivedMessage>> WaitForAsync(int count)
        {
            await Eventually.TrueAsync(() => Messages.Count >= count);
            return [.. Messages];
        }

        public ValueTask DisposeAsync() => _subscription!.DisposeAsync();
    }
}
