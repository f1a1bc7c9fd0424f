using Azure.Messaging.ServiceBus;
using Azure.Messaging.ServiceBus.Administration;
using ImageAspire.ServiceBusEmulator;

namespace ImageAspire.Tests.ServiceBus;

/// <summary>An emulator in memory, and the service's own clients. Each test makes its own entities.</summary>
public sealed class EmulatorFixture : IAsyncLifetime
{
    /// <summary>How long a receiver waits for nothing.</summary>
    internal static readonly TimeSpan Briefly = TimeSpan.FromMilliseconds(300);

    /// <summary>Longer than any message takes.</summary>
    internal static readonly TimeSpan Long = TimeSpan.FromSeconds(20);

    private readonly TimeProvider? _time;
    private readonly ServiceBusEmulatorOptions _options;

    public EmulatorFixture() : this(null)
    {
    }

    internal EmulatorFixture(TimeProvider? time, ServiceBusEmulatorOptions? options = null)
    {
        _time = time;
        _options = options ?? new ServiceBusEmulatorOptions();
        (_options.AmqpPort, _options.AdministrationPort) = (0, 0);
    }

    internal ServiceBusEmulatorServer Server { get; private set; } = null!;

    internal ServiceBusClient Client { get; private set; } = null!;

    internal ServiceBusAdministrationClient Administration { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Server = await ServiceBusEmulatorServer.StartAsync(_options, _time);
        Client = new ServiceBusClient(Server.ConnectionString, new ServiceBusClientOptions { RetryOptions = { TryTimeout = TimeSpan.FromSeconds(10), MaxRetries = 1, Delay = TimeSpan.FromMilliseconds(50) } });
        Administration = new ServiceBusAdministrationClient(Server.AdministrationConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Server.DisposeAsync();
    }

    internal static async Task<EmulatorFixture> StartAsync(TimeProvider time)
    {
        var emulator = new EmulatorFixture(time);
        await emulator.InitializeAsync();
        return emulator;
    }

    /// <summary>A new queue, with what is sent to it and received from it.</summary>
    internal async Task<TestQueue> QueueAsync(Action<CreateQueueOptions>? configure = null, ServiceBusReceiverOptions? receiver = null)
    {
        var options = new CreateQueueOptions($"q-{Guid.NewGuid():N}");
        configure?.Invoke(options);
        await Administration.CreateQueueAsync(options);
        return new TestQueue(options.Name, Client.CreateSender(options.Name), options.RequiresSession ? null! : Client.CreateReceiver(options.Name, receiver ?? new ServiceBusReceiverOptions()));
    }

    /// <summary>A new topic.</summary>
    internal async Task<string> TopicAsync(Action<CreateTopicOptions>? configure = null)
    {
        var options = new CreateTopicOptions($"t-{Guid.NewGuid():N}");
        configure?.Invoke(options);
        await Administration.CreateTopicAsync(options);
        return options.Name;
    }

    internal Task<bool> HasReceiverAsync(string queue) => Server.Broker.DoAsync(entities => entities.GetQueue(queue).HasConsumers);

    internal ServiceBusReceiver DeadLetters(string queue) => Client.CreateReceiver(queue, new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });
}

/// <summary>A queue of one test.</summary>
internal sealed record TestQueue(string Name, ServiceBusSender Sender, ServiceBusReceiver Receiver)
{
    public Task SendAsync(params string[] bodies) => Sender.SendMessagesAsync(bodies.Select(body => new ServiceBusMessage(body)));

    public async Task<ServiceBusReceivedMessage> ReceiveAsync() => (await Receiver.ReceiveMessageAsync(EmulatorFixture.Long)).ShouldNotBeNull();

    public async Task ShouldBeEmptyAsync() => (await Receiver.ReceiveMessageAsync(EmulatorFixture.Briefly)).ShouldBeNull();
}
