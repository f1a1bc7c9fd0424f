using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus;

namespace ImageAspire.Tests.ServiceBus;

public sealed class SendAndReceiveTests(EmulatorFixture emulator) : IClassFixture<EmulatorFixture>
{
    [Fact]
    public async Task Send_AllProperties_ArriveAsTheyWere()
    {
        var queue = await emulator.QueueAsync();
        var sent = new ServiceBusMessage("hello")
        {
            MessageId = "id", Subject = "subject", CorrelationId = "correlation", To = "to", ReplyTo = "reply", ReplyToSessionId = "session", ContentType = "text/plain", PartitionKey = "p",
            ApplicationProperties = { ["int"] = 1, ["text"] = "x", ["time"] = DateTimeOffset.UnixEpoch, ["double"] = 1.5, ["truth"] = true, ["guid"] = Guid.Empty, ["span"] = TimeSpan.FromSeconds(3), ["long"] = 5L },
        };

        await queue.Sender.SendMessageAsync(sent);

        var got = await queue.ReceiveAsync();
        (got.Body.ToString(), got.MessageId, got.Subject, got.CorrelationId, got.To, got.ReplyTo, got.ReplyToSessionId, got.ContentType, got.PartitionKey)
            .ShouldBe(("hello", "id", "subject", "correlation", "to", "reply", "session", "text/plain", "p"));
        got.ApplicationProperties.ShouldBe(sent.ApplicationProperties, ignoreOrder: true);
        (got.DeliveryCount, got.SequenceNumber, got.State).ShouldBe((1, 1, ServiceBusMessageState.Active));
        got.EnqueuedTime.ShouldBeInRange(DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddMinutes(1));
        got.LockedUntil.ShouldBeGreaterThan(DateTimeOffset.UtcNow);
    }

    [Fact]
    public async Task SendBatch_ArrivesInOrder()
    {
        var queue = await emulator.QueueAsync(receiver: new ServiceBusReceiverOptions { PrefetchCount = 50 });
        using var batch = await queue.Sender.CreateMessageBatchAsync();
        for (var i = 0; i < 200; i++)
            batch.TryAddMessage(new ServiceBusMessage($"{i}")).ShouldBeTrue();

        await queue.Sender.SendMessagesAsync(batch);

        for (var i = 0; i < 200; i++)
        {
            var message = await queue.ReceiveAsync();
            message.Body.ToString().ShouldBe($"{i}");
            await queue.Receiver.CompleteMessageAsync(message);
        }

        await queue.ShouldBeEmptyAsync();
    }

    [Fact]
    public async Task Receive_WithoutPrefetch_GetsNoMoreThanAskedFor()
    {
        var queue = await emulator.QueueAsync();
        await queue.SendAsync("1", "2", "3");

        (await queue.Receiver.ReceiveMessagesAsync(2, EmulatorFixture.Long)).Count.ShouldBe(2);

        await using var other = emulator.Client.CreateReceiver(queue.Name);
        (await other.ReceiveMessageAsync(EmulatorFixture.Long)).Body.ToString().ShouldBe("3");
    }

    [Fact]
    public async Task ReceiveAndDelete_IsGone()
    {
        var queue = await emulator.QueueAsync(receiver: new ServiceBusReceiverOptions { ReceiveMode = ServiceBusReceiveMode.ReceiveAndDelete });
        await queue.SendAsync("1", "2");

        (await queue.ReceiveAsync()).Body.ToString().ShouldBe("1");
        (await queue.ReceiveAsync()).Body.ToString().ShouldBe("2");

        (await queue.Receiver.PeekMessageAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Send_LargestMessage_Arrives_LargerOneIsRefused()
    {
        var queue = await emulator.QueueAsync();
        await queue.Sender.SendMessageAsync(new ServiceBusMessage(new byte[900_000]));
        (await queue.ReceiveAsync()).Body.ToMemory().Length.ShouldBe(900_000);

        var error = await Should.ThrowAsync<ServiceBusException>(queue.Sender.SendMessageAsync(new ServiceBusMessage(new byte[1_200_000])));

        error.Reason.ShouldBe(ServiceBusFailureReason.MessageSizeExceeded);
    }

    [Fact]
    public async Task Send_FullQueue_QuotaExceeded()
    {
        var queue = await emulator.QueueAsync(options => options.MaxSizeInMegabytes = 1);
        await queue.Sender.SendMessageAsync(new ServiceBusMessage(new byte[900_000]));

        var error = await Should.ThrowAsync<ServiceBusException>(queue.Sender.SendMessageAsync(new ServiceBusMessage(new byte[200_000])));

        error.Reason.ShouldBe(ServiceBusFailureReason.QuotaExceeded);
    }

    [Fact]
    public async Task UnknownEntity_NotFound()
    {
        await using var sender = emulator.Client.CreateSender("missing");
        (await Should.ThrowAsync<ServiceBusException>(sender.SendMessageAsync(new ServiceBusMessage("x")))).Reason.ShouldBe(ServiceBusFailureReason.MessagingEntityNotFound);
        await using var receiver = emulator.Client.CreateReceiver("missing");
        (await Should.ThrowAsync<ServiceBusException>(receiver.ReceiveMessageAsync(EmulatorFixture.Briefly))).Reason.ShouldBe(ServiceBusFailureReason.MessagingEntityNotFound);
    }

    [Fact]
    public async Task Peek_FromASequenceNumber_LocksNothing()
    {
        var queue = await emulator.QueueAsync();
        await queue.SendAsync("1", "2", "3", "4");

        (await queue.Receiver.PeekMessagesAsync(10)).Select(message => message.Body.ToString()).ShouldBe(["1", "2", "3", "4"]);
        (await queue.Receiver.PeekMessagesAsync(2, 2)).Select(message => message.Body.ToString()).ShouldBe(["2", "3"]);
        (await queue.ReceiveAsync()).DeliveryCount.ShouldBe(1);
    }

    [Fact]
    public async Task Processor_HandlesEachMessageOnce_AsManyAtOnceAsAsked()
    {
        var queue = await emulator.QueueAsync();
        await queue.SendAsync([.. Enumerable.Range(0, 100).Select(i => $"{i}")]);
        await using var processor = emulator.Client.CreateProcessor(queue.Name, new ServiceBusProcessorOptions { MaxConcurrentCalls = 4, PrefetchCount = 10 });
        var (seen, errors) = (new ConcurrentBag<string>(), new ConcurrentBag<Exception>());
        processor.ProcessMessageAsync += args =>
        {
            seen.Add(args.Message.Body.ToString());
            return Task.CompletedTask;
        };
        processor.ProcessErrorAsync += args =>
        {
            errors.Add(args.Exception);
            return Task.CompletedTask;
        };

        await processor.StartProcessingAsync();
        await Eventually.TrueAsync(async () => seen.Count >= 100 && (await emulator.Administration.GetQueueRuntimePropertiesAsync(queue.Name)).Value.TotalMessageCount == 0);
        await processor.StopProcessingAsync();

        seen.Order().ShouldBe(Enumerable.Range(0, 100).Select(i => $"{i}").Order());
        errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task ConnectionIsCut_ClientGoesOn_AndSettlesWhatItHadReceivedBefore()
    {
        // A client of its own: its connection is cut.
        await using var own = new EmulatorFixture();
        await own.InitializeAsync();
        var queue = await own.QueueAsync();
        await queue.SendAsync("before");
        var before = await queue.ReceiveAsync();

        own.Server.AbortConnections();
        await queue.SendAsync("after");

        await queue.Receiver.CompleteMessageAsync(await queue.ReceiveAsync());
        await queue.Receiver.CompleteMessageAsync(before);
        (await queue.Receiver.PeekMessageAsync(0)).ShouldBeNull();
    }

    [Fact]
    public async Task OverWebSockets_SendsAndReceives()
    {
        var queue = await emulator.QueueAsync();
        await using var client = new ServiceBusClient(emulator.Server.AdministrationConnectionString, new ServiceBusClientOptions { TransportType = ServiceBusTransportType.AmqpWebSockets });
        await using var sender = client.CreateSender(queue.Name);
        await using var receiver = client.CreateReceiver(queue.Name);

        await sender.SendMessageAsync(new ServiceBusMessage("x"));

        await receiver.CompleteMessageAsync(await receiver.ReceiveMessageAsync(EmulatorFixture.Long));
        await queue.ShouldBeEmptyAsync();
    }
}
