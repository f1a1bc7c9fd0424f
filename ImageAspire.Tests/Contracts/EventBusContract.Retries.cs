using System.Collections.Concurrent;
using ImageAspire.Core.Events;
using ImageAspire.Core.Ports;

namespace ImageAspire.Tests.Contracts;

/// <summary>Retries, locks and dead letters.</summary>
public abstract partial class EventBusContract
{
    [Fact]
    public async Task Handler_Throws_ComesAgainWithTheNextCount()
    {
        var bus = Open();
        await using var subscriber = await CollectAsync(bus, new SubscriptionOptions("one"), m => m.DeliveryCount < 3
            ? throw new InvalidOperationException("no") : MessageOutcome.Completed);

        await bus.PublishAsync([Event(ImageEventTypes.Received)], null, None);

        (await subscriber.WaitForAsync(3)).Select(m => m.DeliveryCount).ShouldBe([1, 2, 3]);
        await SettledAsync("one");
    }

    [Fact]
    public async Task RetryAfter_Counted_ComesNotBeforeItsTime()
    {
        var bus = Open();
        var times = new ConcurrentQueue<DateTimeOffset>();
        await using var subscriber = await CollectAsync(bus, new SubscriptionOptions("one"), m =>
        {
            times.Enqueue(TimeProvider.System.GetUtcNow());
            return m.DeliveryCount == 1 ? new MessageOutcome.RetryAfter(TimeSpan.FromMilliseconds(300)) : MessageOutcome.Completed;
        });

        await bus.PublishAsync([Event(ImageEventTypes.Received)], null, None);

        (await subscriber.WaitForAsync(2))[1].DeliveryCount.ShouldBe(2);
        (times.Last() - times.First()).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(295));
    }

    [Fact]
    public async Task RetryAfter_NotCounted_LeavesTheCount()
    {
        var bus = Open();
        var deliveries = 0;
        await using var subscriber = await CollectAsync(bus, new SubscriptionOptions("one") { MaxDeliveryCount = 2 }, _ =>
            Interlocked.Increment(ref deliveries) < 5 ? new MessageOutcome.RetryAfter(TimeSpan.Zero, Counted: false) : MessageOutcome.Completed);

        await bus.PublishAsync([Event(ImageEventTypes.Received)], null, None);

        (await subscriber.WaitForAsync(5)).ShouldAllBe(m => m.DeliveryCount == 1);
        await SettledAsync("one");
    }

    [Fact]
    public async Task Lock_LongHandler_IsRenewed()
    {
        var bus = Open();
        var options = new SubscriptionOptions("one") { LockDuration = ShortestLock };
        var go = new TaskCompletionSource();
        var began = 0;
        MessageHandler slow = async (_, lockLost) =>
        {
            Interlocked.Increment(ref began);
            await go.Task.WaitAsync(lockLost);
            return MessageOutcome.Completed;
        };
        await using var one = await bus.SubscribeAsync(options, slow, None);
        await using var two = await Open().SubscribeAsync(options, slow, None);
        await bus.PublishAsync([Event(ImageEventTypes.Received)], null, None);
        await Eventually.TrueAsync(() => Volatile.Read(ref began) == 1);

        // Longer than the lock, by the bus's own clock; the lock must still be held.
        var later = Event(ImageEventTypes.Deleted);
        await using var clock = await CollectAsync(bus, new SubscriptionOptions("clock"));
        await bus.PublishAsync([later], TimeProvider.System.GetUtcNow() + 1.5 * options.LockDuration, None);
        await clock.WaitForAsync(1);
        go.SetResult();
        await SettledAsync("one");

        began.ShouldBe(2); // the slow one, and "later", which this subscription gets too
    }

    [Fact]
    public async Task MaxDeliveryCount_Reached_IsDeadLetteredByTheBus()
    {
        var bus = Open();
        var e = Event(ImageEventTypes.Received);
        await using var subscriber = await CollectAsync(bus, new SubscriptionOptions("one") { MaxDeliveryCount = 3 }, _ => throw new InvalidOperationException("never"));

        await bus.PublishAsync([e], null, None);

        await Eventually.TrueAsync(async () => (await StatusAsync("one")).DeadLettered == 1);
        var dead = (await Operations.ListDeadLettersAsync("one", 10, null, None)).ShouldHaveSingleItem();
        dead.Event!.Id.ShouldBe(e.Id);
        dead.Reason.ShouldBe("MaxDeliveryCountExceeded");
        dead.DeliveryCount.ShouldBe(3);
        subscriber.Messages.Count.ShouldBe(3);
    }

    [Fact]
    public async Task MaxDeliveryCount_RetriedLaterEachTime_IsDeadLetteredByTheBusToo()
    {
        var bus = Open();
        await using var subscriber = await CollectAsync(bus, new SubscriptionOptions("one") { MaxDeliveryCount = 3 },
            _ => new MessageOutcome.RetryAfter(TimeSpan.FromMilliseconds(10)));

        await bus.PublishAsync([Event(ImageEventTypes.Received)], null, None);

        await Eventually.TrueAsync(async () => (await StatusAsync("one")).DeadLettered == 1);
        var dead = (await Operations.ListDeadLettersAsync("one", 10, null, None)).ShouldHaveSingleItem();
        (dead.Reason, dead.DeliveryCount).ShouldBe(("MaxDeliveryCountExceeded", 3));
        subscriber.Messages.Select(m => m.DeliveryCount).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task DeadLetter_DifferentOnesResolvedAtOnce_AllSucceed()
    {
        var bus = Open();
        await using var subscriber = await CollectAsync(bus, new SubscriptionOptions("one"), _ => new MessageOutcome.DeadLetter("bad", "It is bad."));
        await bus.PublishAsync([.. Enumerable.Range(0, 6).Select(_ => Event(ImageEventTypes.Received))], null, None);
        await Eventually.TrueAsync(async () => (await StatusAsync("one")).DeadLettered == 6);
        var dead = await Operations.ListDeadLettersAsync("one", 6, null, None);
        var other = OpenOperations();

        var resolved = await Task.WhenAll(dead.Select((one, i) => Task.Run(() =>
            (i % 2 == 0 ? Operations : other).ResolveDeadLetterAsync("one", one.Sequence, discard: true, None))));

        resolved.ShouldAllBe(yes => yes);
        (await Operations.ListDeadLettersAsync("one", 6, null, None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task DeadLetter_ListedPagedReplayedAndDiscarded()
    {
        var bus = Open();
        var refuse = true;
        await using var subscriber = await CollectAsync(bus, new SubscriptionOptions("one"), _ =>
            Volatile.Read(ref refuse) ? new MessageOutcome.DeadLetter("bad", "It is <b>bad</b>.") : MessageOutcome.Completed);
        await bus.PublishAsync([Event(ImageEventTypes.Received), Event(ImageEventTypes.Received), Event(ImageEventTypes.Received)], null, None);
        await Eventually.TrueAsync(async () => (await StatusAsync("one")).DeadLettered == 3);

        var page = await Operations.ListDeadLettersAsync("one", 2, null, None);
        var rest = await Operations.ListDeadLettersAsync("one", 2, page[^1].Sequence, None);
        page.Concat(rest).Select(dead => dead.Sequence).ShouldBe(page.Concat(rest).Select(dead => dead.Sequence).OrderDescending());
        page.Count.ShouldBe(2);
        rest.ShouldHaveSingleItem().Description.ShouldBe("It is <b>bad</b>.");

        Volatile.Write(ref refuse, false);
        (await Operations.ResolveDeadLetterAsync("one", page[0].Sequence, discard: false, None)).ShouldBeTrue();
        (await subscriber.WaitForAsync(4))[3].DeliveryCount.ShouldBe(1);
        (await Operations.ResolveDeadLetterAsync("one", page[0].Sequence, discard: false, None)).ShouldBeFalse();
        (await Operations.ResolveDeadLetterAsync("one", page[1].Sequence, discard: true, None)).ShouldBeTrue();
        (await Operations.ListDeadLettersAsync("one", 10, null, None)).Select(dead => dead.Sequence).ShouldBe([rest[0].Sequence]);
    }
}
