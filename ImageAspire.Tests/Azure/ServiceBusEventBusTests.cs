using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Azure.Messaging.ServiceBus;
using Azure.Messaging.ServiceBus.Administration;
using ImageAspire.Azure.Events;
using ImageAspire.Core.Events;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Contracts;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ImageAspire.Tests.Azure;

/// <summary>One topic for all tests, one test after the other: each begins without subscriptions.</summary>
[NeedsServer(Variable, "Service Bus emulator 2.0 (Endpoint=sb://localhost;…;UseDevelopmentEmulator=true;)")]
public sealed partial class ServiceBusEventBusTests : EventBusContract, IAsyncLifetime
{
    private const string Variable = "IMAGEASPIRE_TEST_SERVICEBUS";
    private static readonly string Connection = Environment.GetEnvironmentVariable(Variable) ?? "";
    private readonly ServiceBusAdministrationClient _administration = new(OfAdministration(Connection));
    private readonly Switches _switches = new();
    private readonly List<IAsyncDisposable> _open = [];
    private readonly List<PauseWatch> _watches = [];

    // Locked messages are counted among the active ones, scheduled ones for the whole topic.
    protected override bool CountsApart => false;

    protected override TimeSpan ShortestLock => TimeSpan.FromSeconds(5);

    public async Task InitializeAsync()
    {
        var names = new List<string>();
        await foreach (var subscription in _administration.GetSubscriptionsAsync(ImageEventTypes.Topic))
            names.Add(subscription.SubscriptionName);
        foreach (var name in names)
            await _administration.DeleteSubscriptionAsync(ImageEventTypes.Topic, name);
    }

    public async Task DisposeAsync()
    {
        foreach (var watch in _watches)
        {
            await watch.StopAsync(CancellationToken.None);
            watch.Dispose();
        }

        for (var i = _open.Count - 1; i >= 0; i--)
            await _open[i].DisposeAsync();
    }

    protected override IEventBus Open()
    {
        // A client of its own for each instance, as each process has one.
        var client = Client();
        var watch = new PauseWatch(_switches, MessagingOptions, TimeProvider.System, NullLogger<PauseWatch>.Instance);
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

    private ServiceBusTools Tools => new(MessagingOptions, new SubscriptionAdministration(_administration));

    private ServiceBusClient Client()
    {
        var client = new ServiceBusClient(Connection);
        _open.Add(client);
        return client;
    }

    // The emulator's administration API has a port of its own.
    private static string OfAdministration(string connection) => connection.Contains("UseDevelopmentEmulator=true", StringComparison.OrdinalIgnoreCase)
        ? Host().Replace(connection, "$1:5300", 1) : connection;

    [GeneratedRegex(@"(?<=Endpoint=sb://)([^:/;]+)(:\d+)?")]
    private static partial Regex Host();

    /// <summary>What MongoDB remembers elsewhere.</summary>
    private sealed class Switches : IPauseSwitches
    {
        private readonly ConcurrentDictionary<string, bool> _paused = [];

        public Task<IReadOnlySet<string>> GetPausedAsync(CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlySet<string>>(_paused.Keys.ToHashSet());

        public Task SetAsync(string subscription, bool paused, CancellationToken cancellationToken)
        {
            if (paused)
                _paused[subscription] = true;
            else
                _paused.TryRemove(subscription, out _);
            return Task.CompletedTask;
        }
    }
}
