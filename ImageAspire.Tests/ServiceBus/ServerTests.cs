using System.Net;
using System.Net.Sockets;
using Azure.Messaging.ServiceBus;
using Azure.Messaging.ServiceBus.Administration;
using ImageAspire.ServiceBusEmulator;
using ImageAspire.Tests.Requirements;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ImageAspire.Tests.ServiceBus;

/// <summary>How it starts, what it says of itself, and what stays after it.</summary>
public sealed class ServerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("servicebus-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task ConfigOfTheOfficialEmulator_MakesItsEntities()
    {
        await using var emulator = await StartAsync(Path.Combine(Repository.Root, "ImageAspire.Tests/ServiceBus/Config.json"));

        var queue = (await emulator.Administration.GetQueueAsync("queue.1")).Value;
        (queue.MaxDeliveryCount, queue.DefaultMessageTimeToLive, queue.LockDuration).ShouldBe((3, TimeSpan.FromHours(1), TimeSpan.FromMinutes(1)));
        (await emulator.Administration.GetTopicAsync("topic.1")).Value.DuplicateDetectionHistoryTimeWindow.ShouldBe(TimeSpan.FromSeconds(20));
        await using var sender = emulator.Client.CreateSender("topic.1");
        await sender.SendMessageAsync(new ServiceBusMessage("x") { MessageId = "123456", ApplicationProperties = { ["userProp1"] = "value1" } });
        await using var receiver = emulator.Client.CreateReceiver("topic.1", "subscription.2");
        (await receiver.ReceiveMessageAsync(EmulatorFixture.Long)).To.ShouldBe("Entity");
        await using var other = emulator.Client.CreateReceiver("topic.1", "subscription.1");
        (await other.PeekMessageAsync()).ShouldBeNull();
    }

    [Theory]
    [InlineData("""{ "UserConfig": """, "(1)")]
    [InlineData("""{ }""", "(1): $: 'UserConfig' is missing")]
    [InlineData("{\n \"UserConfig\": {\n \"Namespaces\": [ { \"Queues\": [\n { \"Name\": \"q\", \"Properties\": {\n \"LockDuration\": \"1 minute\" } } ] } ] } }", "(5): $.UserConfig.Namespaces[0].Queues[0].Properties.LockDuration: ")]
    [InlineData("{ \"UserConfig\": { \"Namespaces\": [ { \"Queues\": [\n { \"Name\": \"q\", \"Propertys\": { } } ] } ] } }", "(2): $.UserConfig.Namespaces[0].Queues[0].Propertys: ")]
    [InlineData("{ \"UserConfig\": { \"Namespaces\": [ { \"Queues\": [ { \"Name\": \"q\" },\n { \"Name\": \"Q\" } ] } ] } }", "(2): $.UserConfig.Namespaces[0].Queues[1].Name: ")]
    [InlineData("{ \"UserConfig\": { \"Namespaces\": [ { \"Topics\": [ { \"Name\": \"t\", \"Subscriptions\": [ { \"Name\": \"s\", \"Rules\": [\n { \"Name\": \"r\", \"Properties\": { \"FilterType\": \"Sql\", \"SqlFilter\": { \"SqlExpression\": \"a = \" } } } ] } ] } ] } ] } }", "(2): $.UserConfig.Namespaces[0].Topics[0].Subscriptions[0].Rules[0].Properties.SqlFilter.SqlExpression: ")]
    [InlineData("{ \"UserConfig\": { \"Namespaces\": [ { \"Queues\": [ { \"Name\": \"q\",\n \"Properties\": { \"MaxDeliveryCount\": 0 } } ] } ] } }", "(2): $.UserConfig.Namespaces[0].Queues[0].Properties: MaxDeliveryCount")]
    [InlineData("{ \"UserConfig\": { \"Namespaces\": [ { },\n { } ] } }", "(2): $.UserConfig.Namespaces[1]: One namespace")]
    public async Task WrongConfig_IsRefusedWithLineAndPath(string text, string message)
    {
        var file = Path.Combine(_folder, "Config.json");
        await File.WriteAllTextAsync(file, text);

        (await Should.ThrowAsync<InvalidDataException>(async () => await StartAsync(file))).Message.ShouldContain($"Config.json{message}");
    }

    [Fact]
    public async Task WrongOptions_AreAllNamed()
    {
        var options = new ServiceBusEmulatorOptions { AmqpPort = -1, MaxMessageBytes = 1, MaxConnections = 0 };

        var error = await Should.ThrowAsync<InvalidOperationException>(ServiceBusEmulatorServer.StartAsync(options));

        error.Message.ShouldContain(nameof(options.AmqpPort));
        error.Message.ShouldContain(nameof(options.MaxMessageBytes));
        error.Message.ShouldContain(nameof(options.MaxConnections));
    }

    [Fact]
    public async Task Restart_EverythingIsThere()
    {
        await using (var emulator = await StartAsync(data: true))
        {
            var admin = emulator.Administration;
            await admin.CreateTopicAsync("t");
            await admin.CreateSubscriptionAsync(new CreateSubscriptionOptions("t", "s"), new CreateRuleOptions("r", new SqlRuleFilter("a = 1")));
            await admin.CreateQueueAsync(new CreateQueueOptions("q") { RequiresDuplicateDetection = true });
            await admin.CreateQueueAsync(new CreateQueueOptions("sessions") { RequiresSession = true });
            var queue = new TestQueue("q", emulator.Client.CreateSender("q"), emulator.Client.CreateReceiver("q"));
            foreach (var body in new[] { "abandoned", "dead", "deferred", "completed", "waiting" })
                await queue.Sender.SendMessageAsync(new ServiceBusMessage(body) { MessageId = body });
            var messages = new List<ServiceBusReceivedMessage>();
            while (messages.Count < 5)
                messages.AddRange(await queue.Receiver.ReceiveMessagesAsync(5, EmulatorFixture.Long));
            await queue.Receiver.AbandonMessageAsync(messages[0], new Dictionary<string, object> { ["tried"] = 1 });
            await queue.Receiver.DeadLetterMessageAsync(messages[1], "Reason");
            await queue.Receiver.DeferMessageAsync(messages[2]);
            await queue.Receiver.CompleteMessageAsync(messages[3]);
            await queue.Sender.ScheduleMessageAsync(new ServiceBusMessage("later"), DateTimeOffset.UtcNow.AddHours(1));
            await using var session = await emulator.Client.AcceptSessionAsync("sessions", "s1");
            await session.SetSessionStateAsync(new BinaryData("state"));
        }

        await using var again = await StartAsync(data: true);
        var counts = (await again.Administration.GetQueueRuntimePropertiesAsync("q")).Value;
        (counts.ActiveMessageCount, counts.DeadLetterMessageCount, counts.ScheduledMessageCount, counts.TotalMessageCount).ShouldBe((2, 1, 1, 5));
        await using var receiver = again.Client.CreateReceiver("q");
        var abandoned = await receiver.ReceiveMessageAsync(EmulatorFixture.Long);
        (abandoned.Body.ToString(), abandoned.DeliveryCount, abandoned.ApplicationProperties["tried"], abandoned.SequenceNumber).ShouldBe(("abandoned", 2, 1, 1));
        (await receiver.ReceiveMessageAsync(EmulatorFixture.Long)).Body.ToString().ShouldBe("waiting");
        (await receiver.ReceiveDeferredMessageAsync(3)).Body.ToString().ShouldBe("deferred");
        (await again.DeadLetters("q").ReceiveMessageAsync(EmulatorFixture.Long)).DeadLetterReason.ShouldBe("Reason");
        await using var kept = await again.Client.AcceptSessionAsync("sessions", "s1");
        (await kept.GetSessionStateAsync()).ToString().ShouldBe("state");
        ((SqlRuleFilter)(await again.Administration.GetRuleAsync("t", "s", "r")).Value.Filter).SqlExpression.ShouldBe("a = 1");
        await using var sender = again.Client.CreateSender("q");
        await sender.SendMessageAsync(new ServiceBusMessage("repeat") { MessageId = "completed" });
        (await receiver.ReceiveMessageAsync(EmulatorFixture.Briefly)).ShouldBeNull();
    }

    [Fact]
    public async Task DataFolder_OfAnotherEmulator_IsRefused()
    {
        await using var emulator = await StartAsync(data: true);

        (await Should.ThrowAsync<IOException>(async () => await StartAsync(data: true))).Message.ShouldContain(_folder);
    }

    [Fact]
    public async Task Reset_OnlyWhatTheConfigSays_IsLeft()
    {
        await using var emulator = await StartAsync(Path.Combine(Repository.Root, "ImageAspire.Tests/ServiceBus/Config.json"));
        await emulator.QueueAsync(options => options.Name = "extra");
        await using var sender = emulator.Client.CreateSender("queue.1");
        await sender.SendMessageAsync(new ServiceBusMessage("x"));
        await using var receiver = emulator.Client.CreateReceiver("queue.1");
        await receiver.ReceiveMessageAsync(EmulatorFixture.Long);
        using var http = new HttpClient();

        (await http.PostAsync($"http://localhost:{emulator.Server.AdministrationPort}/reset", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await emulator.Administration.QueueExistsAsync("extra")).Value.ShouldBeFalse();
        (await receiver.PeekMessageAsync(0)).ShouldBeNull();
        await sender.SendMessageAsync(new ServiceBusMessage("after"));
        (await receiver.ReceiveMessageAsync(EmulatorFixture.Long)).Body.ToString().ShouldBe("after");
    }

    [Fact]
    public async Task Health_IsHealthy()
    {
        await using var emulator = await StartAsync();
        using var http = new HttpClient();

        (await http.GetStringAsync($"http://localhost:{emulator.Server.AdministrationPort}/health")).ShouldContain("\"healthy\"");
    }

    [Fact]
    public async Task MoreConnectionsThanAllowed_AreClosedAtOnce()
    {
        await using var server = await ServiceBusEmulatorServer.StartAsync(new ServiceBusEmulatorOptions { AmqpPort = 0, AdministrationPort = 0, MaxConnections = 1 });
        using var first = new TcpClient();
        await first.ConnectAsync(IPAddress.Loopback, server.AmqpPort);
        await first.GetStream().WriteAsync("AMQP\u0003\u0001\0\0"u8.ToArray());
        await first.GetStream().ReadExactlyAsync(new byte[8]);

        using var second = new TcpClient();
        await second.ConnectAsync(IPAddress.Loopback, server.AmqpPort);

        (await second.GetStream().ReadAsync(new byte[1])).ShouldBe(0);
        using var http = new HttpClient();
        await http.GetStringAsync($"http://localhost:{server.AdministrationPort}/health"); // a limit of its own
    }

    [Fact]
    public async Task InAHost_StartsAndEndsWithIt()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddServiceBusEmulator(options => (options.AmqpPort, options.AdministrationPort) = (0, 0));
        using var host = builder.Build();

        await host.StartAsync();
        var server = host.Services.GetRequiredService<ServiceBusEmulatorHost>().Server;
        using var http = new HttpClient();
        await http.GetStringAsync($"http://localhost:{server.AdministrationPort}/health");
        await host.StopAsync();

        await Should.ThrowAsync<HttpRequestException>(http.GetStringAsync($"http://localhost:{server.AdministrationPort}/health"));
    }

    private async Task<EmulatorFixture> StartAsync(string? config = null, bool data = false)
    {
        var emulator = new EmulatorFixture(null, new ServiceBusEmulatorOptions { ConfigFile = config, DataFolder = data ? _folder : null });
        await emulator.InitializeAsync();
        return emulator;
    }
}
