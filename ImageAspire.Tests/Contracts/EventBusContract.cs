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

    [Theory]
    [InlineData("")]
    [InlineData("Upper")]
    [InlineData("a b")]
    public async Task Subscribe_BadName_IsRefused(string name) =>
        await Should.ThrowAsync<ArgumentException>(() => Open().SubscribeAsync(new SubscriptionOptions(name), (_, _) => Task.FromResult(MessageOutcome.Completed), None));

    private static ImageEvent Event(string type, string name = "a.jpg")
    {
        var record = Samples.Received() with { Id = Guid.CreateVersion7(), Name = name };
        return ImageLifecycle.Purge(record, Samples.Traced with { At = TimeProvider.System.GetUtcNow() }).Event with { Type = type };
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
