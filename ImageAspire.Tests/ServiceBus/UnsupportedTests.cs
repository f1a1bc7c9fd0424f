using System.Transactions;
using Azure.Messaging.ServiceBus;
using Azure.Messaging.ServiceBus.Administration;
using ImageAspire.ServiceBusEmulator.Broker;
using ImageAspire.ServiceBusEmulator.Wire;
using Microsoft.Azure.Amqp.Encoding;

namespace ImageAspire.Tests.ServiceBus;

/// <summary>What the emulator does not do, it says.</summary>
public sealed class UnsupportedTests(EmulatorFixture emulator) : IClassFixture<EmulatorFixture>
{
    [Fact]
    public async Task TransferDeadLetterQueue_IsRefused()
    {
        var queue = await emulator.QueueAsync();
        await using var receiver = emulator.Client.CreateReceiver(queue.Name, new ServiceBusReceiverOptions { SubQueue = SubQueue.TransferDeadLetter });

        var error = await Should.ThrowAsync<Exception>(receiver.ReceiveMessageAsync(EmulatorFixture.Briefly));

        error.Message.ShouldContain("Transfer dead-letter queues are not supported");
    }

    [Fact]
    public async Task RequestInATransaction_IsRefused_AndNotDone()
    {
        var queue = await emulator.QueueAsync();

        using (new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            var error = await Should.ThrowAsync<Exception>(queue.Sender.ScheduleMessageAsync(new ServiceBusMessage("x"), DateTimeOffset.UtcNow.AddHours(1)));
            error.Message.ShouldContain("Requests in transactions are not supported");
        }

        (await emulator.Administration.GetQueueRuntimePropertiesAsync(queue.Name)).Value.ScheduledMessageCount.ShouldBe(0);
    }

    [Fact]
    public void UnknownOperation_IsRefusedByName()
    {
        var operations = new Operations(new MessageOperations(TimeProvider.System), new ScheduleOperations(new AmqpMessageCodec()), TimeProvider.System);

        var error = Should.Throw<BrokerException>(() => operations.Run(null!, new OperationRequest("q", "com.microsoft:other", new AmqpMap())));

        (error.Error, error.Message).ShouldBe((BrokerError.NotImplemented, "The operation 'com.microsoft:other' is not supported."));
        WireErrors.Of(error).ShouldBe((501, "amqp:not-implemented"));
    }

    [Fact]
    public async Task UnknownSystemProperty_InARule_IsRefusedByName()
    {
        var topic = await emulator.TopicAsync();

        var error = await Should.ThrowAsync<ArgumentException>(
            emulator.Administration.CreateSubscriptionAsync(new CreateSubscriptionOptions(topic, "s"), new CreateRuleOptions("r", new SqlRuleFilter("sys.EnqueuedTimeUtc IS NULL"))));

        error.Message.ShouldContain("EnqueuedTimeUtc");
    }

    [Fact]
    public async Task AnyKey_IsTaken()
    {
        var queue = await emulator.QueueAsync();
        await using var client = new ServiceBusClient(emulator.Server.ConnectionString.Replace("SAS_KEY_VALUE", "another", StringComparison.Ordinal));
        await using var sender = client.CreateSender(queue.Name);

        await sender.SendMessageAsync(new ServiceBusMessage("x"));

        (await queue.ReceiveAsync()).Body.ToString().ShouldBe("x");
    }
}
