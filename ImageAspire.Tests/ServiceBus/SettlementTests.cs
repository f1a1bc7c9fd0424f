using System.Runtime.CompilerServices;
using Azure.Messaging.ServiceBus;

namespace ImageAspire.Tests.ServiceBus;

public sealed class SettlementTests(EmulatorFixture emulator) : IClassFixture<EmulatorFixture>
{
    [Fact]
    public async Task Complete_IsGone_AndCannotBeSettledAgain()
    {
        var queue = await emulator.QueueAsync();
        await queue.SendAsync("x");
        var message = await queue.ReceiveAsync();

        await queue.Receiver.CompleteMessageAsync(message);

        await queue.ShouldBeEmptyAsync();
        (await Should.ThrowAsync<ServiceBusException>(queue.Receiver.CompleteMessageAsync(message))).Reason.ShouldBe(ServiceBusFailureReason.MessageLockLost);
    }

    [Fact]
    public async Task Abandon_ComesAgainWithChangedProperties()
    {
        var queue = await emulator.QueueAsync();
        await queue.Sender.SendMessageAsync(new ServiceBusMessage("x") { ApplicationProperties = { ["kept"] = TimeSpan.FromSeconds(1), ["changed"] = 1 } });

        await queue.Receiver.AbandonMessageAsync(await queue.ReceiveAsync(), new Dictionary<string, object> { ["changed"] = 2, ["new"] = "y" });

        var again = await queue.ReceiveAsync();
        (again.Body.ToString(), again.DeliveryCount).ShouldBe(("x", 2));
        again.ApplicationProperties.ShouldBe(new Dictionary<string, object> { ["kept"] = TimeSpan.FromSeconds(1), ["changed"] = 2, ["new"] = "y" }, ignoreOrder: true);
    }

    [Fact]
    public async Task Abandon_ComesBeforeLaterOnes()
    {
        var queue = await emulator.QueueAsync();
        await queue.SendAsync("1", "2");

        await queue.Receiver.AbandonMessageAsync(await queue.ReceiveAsync());

        (await queue.ReceiveAsync()).Body.ToString().ShouldBe("1");
    }

    [Fact]
    public async Task DeadLetter_ReasonDescriptionAndPropertiesGoAlong()
    {
        var queue = await emulator.QueueAsync();
        await queue.SendAsync("x");
        var message = await queue.ReceiveAsync();

        await queue.Receiver.DeadLetterMessageAsync(message, new Dictionary<string, object> { ["by"] = "me" }, "Reason", "Description");

        await using var deadLetters = emulator.DeadLetters(queue.Name);
        var dead = await deadLetters.ReceiveMessageAsync(EmulatorFixture.Long);
        (dead.DeadLetterReason, dead.DeadLetterErrorDescription, dead.ApplicationProperties["by"], dead.SequenceNumber, dead.DeadLetterSource)
            .ShouldBe(("Reason", "Description", "me", message.SequenceNumber, queue.Name));
        await deadLetters.CompleteMessageAsync(dead);
        (await deadLetters.PeekMessageAsync(0)).ShouldBeNull();
    }

    [Fact]
    public async Task DeadLetter_WithoutReason_HasNone()
    {
        var queue = await emulator.QueueAsync();
        await queue.SendAsync("x");

        await queue.Receiver.DeadLetterMessageAsync(await queue.ReceiveAsync());

        await using var deadLetters = emulator.DeadLetters(queue.Name);
        (await deadLetters.ReceiveMessageAsync(EmulatorFixture.Long)).DeadLetterReason.ShouldBeNull();
    }

    [Fact]
    public async Task MaxDeliveryCount_IsDeadLettered()
    {
        var queue = await emulator.QueueAsync(options => options.MaxDeliveryCount = 3);
        await queue.SendAsync("x");
        for (var i = 1; i <= 3; i++)
        {
            var message = await queue.ReceiveAsync();
            message.DeliveryCount.ShouldBe(i);
            await queue.Receiver.AbandonMessageAsync(message);
        }

        await using var deadLetters = emulator.DeadLetters(queue.Name);
        (await deadLetters.ReceiveMessageAsync(EmulatorFixture.Long)).DeadLetterReason.ShouldBe("MaxDeliveryCountExceeded");
        await queue.ShouldBeEmptyAsync();
    }

    [Fact]
    public async Task Defer_IsReceivedByItsNumberOnly()
    {
        var queue = await emulator.QueueAsync();
        await queue.SendAsync("x");
        var message = await queue.ReceiveAsync();

        await queue.Receiver.DeferMessageAsync(message, new Dictionary<string, object> { ["later"] = true });

        await queue.ShouldBeEmptyAsync();
        (await queue.Receiver.PeekMessageAsync(0)).State.ShouldBe(ServiceBusMessageState.Deferred);
        var deferred = await queue.Receiver.ReceiveDeferredMessageAsync(message.SequenceNumber);
        (deferred.Body.ToString(), deferred.ApplicationProperties["later"]).ShouldBe(("x", true));
        (await Should.ThrowAsync<ServiceBusException>(queue.Receiver.ReceiveDeferredMessageAsync(message.SequenceNumber))).Reason.ShouldBe(ServiceBusFailureReason.MessageNotFound);
        await queue.Receiver.RenewMessageLockAsync(deferred);
        await queue.Receiver.CompleteMessageAsync(deferred);
        (await queue.Receiver.PeekMessageAsync(0)).ShouldBeNull();
    }

    [Fact]
    public async Task Defer_AbandonedAgain_StaysDeferred()
    {
        var queue = await emulator.QueueAsync();
        await queue.SendAsync("x");
        var message = await queue.ReceiveAsync();
        await queue.Receiver.DeferMessageAsync(message);

        await queue.Receiver.AbandonMessageAsync(await queue.Receiver.ReceiveDeferredMessageAsync(message.SequenceNumber));

        await queue.ShouldBeEmptyAsync();
        (await queue.Receiver.ReceiveDeferredMessageAsync(message.SequenceNumber)).DeliveryCount.ShouldBe(2);
    }

    [Fact]
    public async Task DeferredInReceiveAndDelete_IsGone()
    {
        var queue = await emulator.QueueAsync();
        await queue.SendAsync("x");
        var message = await queue.ReceiveAsync();
        await queue.Receiver.DeferMessageAsync(message);
        await using var forGood = emulator.Client.CreateReceiver(queue.Name, new ServiceBusReceiverOptions { ReceiveMode = ServiceBusReceiveMode.ReceiveAndDelete });

        (await forGood.ReceiveDeferredMessageAsync(message.SequenceNumber)).Body.ToString().ShouldBe("x");

        (await queue.Receiver.PeekMessageAsync(0)).ShouldBeNull();
    }

    [Fact]
    public async Task Renew_LocksLonger()
    {
        var queue = await emulator.QueueAsync();
        await queue.SendAsync("x");
        var message = await queue.ReceiveAsync();
        var until = message.LockedUntil;

        await Eventually.TrueAsync(async () =>
        {
            await queue.Receiver.RenewMessageLockAsync(message);
            return message.LockedUntil > until;
        });
    }

    [Fact]
    public async Task DeleteMessages_TakesThoseThatAreNotLocked()
    {
        var queue = await emulator.QueueAsync();
        await queue.SendAsync("locked", "1", "2");
        var locked = await queue.ReceiveAsync();

        (await DeleteMessagesAsync(queue.Receiver, 10, null, CancellationToken.None)).ShouldBe(2);

        await queue.Receiver.AbandonMessageAsync(locked);
        (await queue.ReceiveAsync()).Body.ToString().ShouldBe("locked");
    }

    // Other languages' clients have it in public.
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = nameof(DeleteMessagesAsync))]
    private static extern Task<int> DeleteMessagesAsync(ServiceBusReceiver receiver, int count, DateTimeOffset? before, CancellationToken cancellationToken);
}
