using ImageAspire.Core.Events;
using ImageAspire.Core.Ports;

namespace ImageAspire.Tests.Contracts;

/// <summary>Paused subscriptions.</summary>
public abstract partial class EventBusContract
{
    [Fact]
    public async Task Pause_TwoConsumersElsewhere_NothingIsDeliveredUntilResumed()
    {
        await using var one = await CollectAsync(Open(), new SubscriptionOptions("halted") { Types = [ImageEventTypes.Received, ImageEventTypes.Deleted] });
        await using var two = await CollectAsync(Open(), new SubscriptionOptions("halted") { Types = [ImageEventTypes.Received, ImageEventTypes.Deleted] });
        await using var other = await CollectAsync(Open(), new SubscriptionOptions("other"));
        var events = new[] { Event(ImageEventTypes.Received), Event(ImageEventTypes.Received), Event(ImageEventTypes.Deleted) };

        (await OpenOperations().PauseAsync("halted", "boss", None)).ShouldBeTrue();
        await Open().PublishAsync(events, null, None);

        await other.WaitForAsync(3); // the topic itself goes on
        await LookAroundAsync();
        one.Messages.Concat(two.Messages).ShouldBeEmpty();
        (await StatusAsync("halted")).ShouldSatisfyAllConditions(
            status => status.Pause.ShouldNotBeNull(), status => status.Active.ShouldBe(3), status => status.OldestActiveAt.ShouldNotBeNull());
        (await StatusAsync("other")).Pause.ShouldBeNull();

        (await OpenOperations().ResumeAsync("halted", None)).ShouldBeTrue();

        await Eventually.TrueAsync(() => one.Messages.Count + two.Messages.Count >= 3);
        one.Messages.Concat(two.Messages).Select(m => m.Event.Id).ShouldBe(events.Select(e => e.Id), ignoreOrder: true);
        (await StatusAsync("halted")).Pause.ShouldBeNull();
    }

    [Fact]
    public async Task Pause_ConsumerStartsAfterwards_ItIsStillPaused()
    {
        await (await CollectAsync(Open(), new SubscriptionOptions("one"))).DisposeAsync(); // now it exists
        await Operations.PauseAsync("one", "boss", None);
        await Operations.PauseAsync("one", "another", None); // twice is once
        var pause = (await StatusAsync("one")).Pause.ShouldNotBeNull();
        (pause.By, pause.At <= TimeProvider.System.GetUtcNow()).ShouldBe(("boss", true));
        await Open().PublishAsync([Event(ImageEventTypes.Received)], null, None);

        // A new instance with a new filter, as a new version of the program would bring it.
        await using var later = await CollectAsync(Open(), new SubscriptionOptions("one") { Types = [ImageEventTypes.Received] });
        await LookAroundAsync();
        later.Messages.ShouldBeEmpty();

        await Operations.ResumeAsync("one", None);
        await later.WaitForAsync(1);
    }

    [Fact]
    public async Task Pause_HandlerRunning_ComesToItsEndAndItsRetryWaits()
    {
        var bus = Open();
        var began = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        var deliveries = 0;
        await using var subscriber = await bus.SubscribeAsync(new SubscriptionOptions("one") { Types = [ImageEventTypes.Received] }, async (_, lockLost) =>
        {
            if (Interlocked.Increment(ref deliveries) > 1)
                return MessageOutcome.Completed;
            began.SetResult();
            await go.Task.WaitAsync(lockLost);
            return new MessageOutcome.RetryAfter(TimeSpan.Zero);
        }, None);
        await bus.PublishAsync([Event(ImageEventTypes.Received)], null, None);
        await began.Task;

        await Operations.PauseAsync("one", "boss", None);
        (await StatusAsync("one")).InFlight.ShouldBe(CountsApart ? 1 : 0);
        go.SetResult();

        await Eventually.TrueAsync(async () => await StatusAsync("one") is { Active: 1, InFlight: 0 });
        await LookAroundAsync();
        Volatile.Read(ref deliveries).ShouldBe(1);
        await Operations.ResumeAsync("one", None);
        await SettledAsync("one");
        Volatile.Read(ref deliveries).ShouldBe(2);
    }

    [Fact]
    public async Task Pause_DeadLetterReplayed_WaitsToo()
    {
        var bus = Open();
        await using var subscriber = await CollectAsync(bus, new SubscriptionOptions("one") { Types = [ImageEventTypes.Received] },
            m => m.Event.Data.Name == "bad" ? new MessageOutcome.DeadLetter("bad", "It is bad.") : MessageOutcome.Completed);
        await bus.PublishAsync([Event(ImageEventTypes.Received, "bad")], null, None);
        await Eventually.TrueAsync(async () => (await StatusAsync("one")).DeadLettered == 1);
        await Operations.PauseAsync("one", "boss", None);

        var dead = (await Operations.ListDeadLettersAsync("one", 1, null, None)).ShouldHaveSingleItem();
        (await Operations.ResolveDeadLetterAsync("one", dead.Sequence, discard: false, None)).ShouldBeTrue();

        await LookAroundAsync();
        (await StatusAsync("one")).ShouldSatisfyAllConditions(status => status.Active.ShouldBe(1), status => status.DeadLettered.ShouldBe(0));
        subscriber.Messages.Count.ShouldBe(1);
        await Operations.ResumeAsync("one", None);
        await subscriber.WaitForAsync(2);
    }

    [Fact]
    public async Task Pause_NoSuchSubscription_IsFalse()
    {
        (await OpenOperations().PauseAsync("unknown", "boss", None)).ShouldBeFalse();
        (await Operations.ListDeadLettersAsync("unknown", 1, null, None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task DeadLetter_ManyResolveItAtOnce_ExactlyOneWins()
    {
        var bus = Open();
        await using var subscriber = await CollectAsync(bus, new SubscriptionOptions("one") { Types = [ImageEventTypes.Received] },
            m => m.DeliveryCount == 1 ? new MessageOutcome.DeadLetter("bad", "It is bad.") : MessageOutcome.Completed);
        await bus.PublishAsync([Event(ImageEventTypes.Received)], null, None);
        await Eventually.TrueAsync(async () => (await StatusAsync("one")).DeadLettered == 1);
        var sequence = (await Operations.ListDeadLettersAsync("one", 1, null, None))[0].Sequence;
        await Operations.PauseAsync("one", "boss", None); // or it might die again between two of them
        var operators = new[] { OpenOperations(), OpenOperations(), Operations, Operations };

        var won = await Task.WhenAll(operators.Select(one => Task.Run(() => one.ResolveDeadLetterAsync("one", sequence, discard: false, None))));

        won.Count(yes => yes).ShouldBe(1);
    }

    /// <summary>A message through another subscription and back, later than any consumer that could have been delivered to: time by the bus's own clock.</summary>
    private async Task LookAroundAsync()
    {
        var bus = Open();
        await using var clock = await CollectAsync(bus, new SubscriptionOptions("clock") { Subject = Guid.AllBitsSet });
        var tick = Event(ImageEventTypes.Updated) with { ImageId = Guid.AllBitsSet };
        await bus.PublishAsync([tick], TimeProvider.System.GetUtcNow() + TimeSpan.FromMilliseconds(1_200), None);
        await clock.WaitForAsync(1);
    }
}
