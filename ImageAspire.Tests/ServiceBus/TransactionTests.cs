using System.Transactions;
using Azure.Messaging.ServiceBus;

namespace ImageAspire.Tests.ServiceBus;

public sealed class TransactionTests(EmulatorFixture emulator) : IClassFixture<EmulatorFixture>
{
    [Fact]
    public async Task Commit_SendsAndCompletesTogether()
    {
        var queue = await emulator.QueueAsync();
        await queue.SendAsync("first");
        var first = await queue.ReceiveAsync();

        using (var transaction = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            await queue.Receiver.CompleteMessageAsync(first);
            await queue.SendAsync("second");
            (await queue.Receiver.PeekMessagesAsync(10, 0)).Count.ShouldBe(1); // nothing has happened yet
            transaction.Complete();
        }

        (await queue.ReceiveAsync()).Body.ToString().ShouldBe("second");
        (await queue.Receiver.PeekMessagesAsync(10, 0)).Select(message => message.Body.ToString()).ShouldBe(["second"]);
    }

    [Fact]
    public async Task Commit_AfterTheReceiverHasClosed_Completes()
    {
        var queue = await emulator.QueueAsync();
        await queue.SendAsync("x");
        var message = await queue.ReceiveAsync();

        using (var transaction = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            await queue.Receiver.CompleteMessageAsync(message);
            await queue.Receiver.CloseAsync();
            transaction.Complete();
        }

        await using var other = emulator.Client.CreateReceiver(queue.Name);
        (await other.PeekMessageAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Rollback_NothingHappens()
    {
        var queue = await emulator.QueueAsync();
        await queue.SendAsync("first");
        var first = await queue.ReceiveAsync();

        using (new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            await queue.Receiver.CompleteMessageAsync(first);
            await queue.SendAsync("second");
        }

        await queue.ShouldBeEmptyAsync();
        await queue.Receiver.CompleteMessageAsync(first);
        (await queue.Receiver.PeekMessageAsync(0)).ShouldBeNull();
    }

    [Fact]
    public async Task AcrossEntities_CommitsTogether()
    {
        var (source, target) = (await emulator.QueueAsync(), await emulator.QueueAsync());
        await source.SendAsync("x");
        await using var client = new ServiceBusClient(emulator.Server.ConnectionString, new ServiceBusClientOptions { EnableCrossEntityTransactions = true });
        await using var receiver = client.CreateReceiver(source.Name);
        await using var sender = client.CreateSender(target.Name);
        var message = await receiver.ReceiveMessageAsync(EmulatorFixture.Long);

        using (var transaction = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            await receiver.CompleteMessageAsync(message);
            await sender.SendMessageAsync(new ServiceBusMessage(message));
            transaction.Complete();
        }

        (await target.ReceiveAsync()).Body.ToString().ShouldBe("x");
        (await source.Receiver.PeekMessageAsync(0)).ShouldBeNull();
    }
}
