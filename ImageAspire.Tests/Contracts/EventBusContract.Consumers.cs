using ImageAspire.Core.Events;
using ImageAspire.Core.Ports;

namespace ImageAspire.Tests.Contracts;

/// <summary>Consumers: several of one subscription, instances, scheduled messages, counts.</summary>
public abstract partial class EventBusContract
{
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
}
