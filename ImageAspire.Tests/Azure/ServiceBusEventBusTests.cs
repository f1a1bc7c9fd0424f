using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus;
using Azure.Messaging.ServiceBus.Administration;
using ImageAspire.Azure.Topic;
using ImageAspire.Core.Events;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Contracts;
using ImageAspire.Tests.ServiceBus;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ImageAspire.Tests.Azure;

/// <summary>Each test has a Service Bus of its own, in memory.</summary>
public sealed class ServiceBusEventBusTests : EventBusContract, IAsyncLifetime
{
    private readonly EmulatorFixture _emulator = new();
    private readonly Switches _switches = new();
    private readonly List<IAsyncDisposable> _open = [];
    private readonly List<PauseMonitor> _watches = [];

    // Locked messages are counted among the active ones, scheduled ones for the whole topic.
    protected override bool CountsApart => false;

    protected override TimeSpan ShortestLock => TimeSpan.FromSeconds(5);

    public async ValueTask InitializeAsync()
    {
        await _emulator.InitializeAsync();
        await _emulator.Administration.CreateTopicAsync(new CreateTopicOptions(ImageEventTypes.Topic) { RequiresDuplicateDetection = true, DuplicateDetectionHistoryTimeWindow = TimeSpan.FromMinutes(5) });
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var watch in _watches)
        {
            await watch.StopAsync(CancellationToken.None);
            watch.Dispose();
        }

        for (var i = _open.Count - 1; i >= 0; i--)
            await _open[i].DisposeAsync();
        await _emulator.DisposeAsync();
    }

    [Fact]
    public async Task Subscribe_ForeignMessage_IsDeadLetteredAndListedWithoutAnEvent()
    {
        var handled = false;
        await using var subscription = await SubscribeAsync(new SubscriptionOptions("one"), () => handled = true);

        await SendAsync(new ServiceBusMessage("<xml/>") { Subject = ImageEventTypes.Received });

        var dead = await FirstDeadLetterAsync("one");
        (dead.Reason, dead.Event, dead.DeliveryCount, handled).ShouldBe(("UnreadableMessage", null, 1, false));
    }

    [Fact]
    public async Task Subscribe_SubscriptionOfAnEarlierVersion_GetsTheRulesThatItLacks()
    {
        await using (await SubscribeAsync(new SubscriptionOptions("one") { Types = [ImageEventTypes.Received] }, () => { }))
        {
            // As an earlier version made it, which knew fewer types.
        }

        var now = new SubscriptionOptions("one") { Types = [ImageEventTypes.Received, ImageEventTypes.Purged] };
        var administration = new SubscriptionAdministration(_emulator.Administration);
        (await administration.CompareAsync([now], CancellationToken.None)).ShouldHaveSingleItem().Problem.ShouldBe(TopologyProblem.FilterDiffers);

        await using var again = await SubscribeAsync(now, () => { });

        (await administration.CompareAsync([now], CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Subscribe_MessageThatKilledEveryConsumer_IsDeadLetteredUnseen()
    {
        var handled = false;
        await using var subscription = await SubscribeAsync(new SubscriptionOptions("one") { MaxDeliveryCount = 3 }, () => handled = true);
        var message = ServiceBusMessages.Of(ImageLifecycle.Purge(Samples.Received(), Samples.Traced).Event, null);
        message.ApplicationProperties["imageaspire-counted"] = 3; // no consumer was left to dead-letter it at the third delivery

        await SendAsync(message);

        (await FirstDeadLetterAsync("one")).Reason.ShouldBe("MaxDeliveryCountExceeded");
        handled.ShouldBeFalse();
    }

    [Fact]
    public async Task PerInstance_RemovedByTheService_IsMadeAgain()
    {
        var seen = 0;
        await using var subscription = await SubscribeAsync(new SubscriptionOptions("live") { IsInstance = true }, () => seen++);
        string name = (await NamesAsync()).ShouldHaveSingleItem();

        await _emulator.Administration.DeleteSubscriptionAsync(ImageEventTypes.Topic, name);

        await Eventually.TrueAsync(async () => (await NamesAsync()).SequenceEqual([name]), TimeSpan.FromMinutes(2));
        await SendAsync(ServiceBusMessages.Of(ImageLifecycle.Purge(Samples.Received(), Samples.Traced).Event, null));
        await Eventually.TrueAsync(() => seen == 1);
    }

    [Fact]
    public async Task PerInstance_Disposed_IsGone()
    {
        await (await SubscribeAsync(new SubscriptionOptions("live") { IsInstance = true }, () => { })).DisposeAsync();
        (await NamesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Subscribe_LongestName_HasItsRules()
    {
        var seen = 0;
        await using var subscription = await SubscribeAsync(new SubscriptionOptions(new string('a', 50)), () => seen++);
        await SendAsync(ServiceBusMessages.Of(ImageLifecycle.Purge(Samples.Received(), Samples.Traced).Event, null));
        await Eventually.TrueAsync(() => seen == 1);
    }

    protected override IEventBus Open()
    {
        // A client of its own for each instance, as each process has one.
        var client = Client();
        var watch = new PauseMonitor(_switches, MessagingOptions, TimeProvider.System, NullLogger<PauseMonitor>.Instance);
        _watches.Add(watch);
        _ = watch.StartAsync(CancellationToken.None); // it begins at once, and runs on
        var bus = new ServiceBusEventBus(client, Tools, watch, TimeProvider.System, NullLogger<ServiceBusEventBus>.Instance);
        _open.Add(bus);
        return bus;
    }

    protected override ITopicOperations OpenOperations()
    {
        var operations = new ServiceBusOperations(Client(), Tools, _switches, TimeProvider.System, NullLogger<ServiceBusOperations>.Instance);
        _open.Add(operations);
        return operations;
    }

    private static IOptions<MessagingOptions> MessagingOptions { get; } = Options.Create(new MessagingOptions { PausePoll = TimeSpan.FromMilliseconds(100) });

    private ServiceBusTools Tools => new(MessagingOptions, new SubscriptionAdministration(_emulator.Administration));

    private async Task<List<string>> NamesAsync()
    {
        var names = new List<string>();
        await foreach (var subscription in _emulator.Administration.GetSubscriptionsAsync(ImageEventTypes.Topic))
            names.Add(subscription.SubscriptionName);
        return names;
    }

    private Task<IAsyncDisposable> SubscribeAsync(SubscriptionOptions options, Action handle) => Open().SubscribeAsync(options, (_, _) =>
    {
        handle();
        return Task.FromResult(MessageOutcome.Completed);
    }, CancellationToken.None);

    private async Task SendAsync(ServiceBusMessage message)
    {
        await using var sender = Client().CreateSender(ImageEventTypes.Topic);
        await sender.SendMessageAsync(message);
    }

    private async Task<DeadLetter> FirstDeadLetterAsync(string subscription)
    {
        var operations = OpenOperations();
        IReadOnlyList<DeadLetter> dead = [];
        await Eventually.TrueAsync(async () => (dead = await operations.ListDeadLettersAsync(subscription, 1, null, CancellationToken.None)).Count == 1);
        return dead[0];
    }

    private ServiceBusClient Client()
    {
        var client = new ServiceBusClient(_emulator.Server.ConnectionString);
        _open.Add(client);
        return client;
    }

    /// <summary>What MongoDB remembers elsewhere.</summary>
    private sealed class Switches : IPauseSwitches
    {
        private readonly ConcurrentDictionary<string, SubscriptionPause> _paused = [];

        public Task<IReadOnlyDictionary<string, SubscriptionPause>> GetPausedAsync(CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyDictionary<string, SubscriptionPause>>(_paused.ToDictionary());

        public Task SetAsync(string subscription, SubscriptionPause? pause, CancellationToken cancellationToken)
        {
            if (pause is not null)
                _paused.TryAdd(subscription, pause);
            else
                _paused.TryRemove(subscription, out _);
            return Task.CompletedTask;
        }
    }
}
