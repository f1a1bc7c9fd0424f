using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus;

namespace ImageAspire.Tests.ServiceBus;

public sealed class SessionTests(EmulatorFixture emulator) : IClassFixture<EmulatorFixture>
{
    [Fact]
    public async Task NextSession_IsThatOfTheOldestMessage_AndKeepsItsOrder()
    {
        var queue = await QueueAsync(("a", "1"), ("b", "2"), ("a", "3"));

        await using var session = await emulator.Client.AcceptNextSessionAsync(queue.Name);

        session.SessionId.ShouldBe("a");
        (await session.ReceiveMessagesAsync(10, EmulatorFixture.Long)).Select(message => message.Body.ToString()).ShouldBe(["1", "3"]);
        await using var other = await emulator.Client.AcceptNextSessionAsync(queue.Name);
        other.SessionId.ShouldBe("b");
    }

    [Fact]
    public async Task AcceptSession_TakenByAnother_CannotBeLocked()
    {
        var queue = await QueueAsync(("a", "1"));
        await using var session = await emulator.Client.AcceptSessionAsync(queue.Name, "a");

        var error = await Should.ThrowAsync<ServiceBusException>(emulator.Client.AcceptSessionAsync(queue.Name, "a"));

        error.Reason.ShouldBe(ServiceBusFailureReason.SessionCannotBeLocked);
    }

    [Fact]
    public async Task NextSession_ComesWhileOneWaits()
    {
        var queue = await QueueAsync();
        var waiting = emulator.Client.AcceptNextSessionAsync(queue.Name);
        await Eventually.TrueAsync(() => emulator.HasReceiverAsync(queue.Name));

        await queue.Sender.SendMessageAsync(new ServiceBusMessage("x") { SessionId = "late" });

        await using var session = await waiting;
        (session.SessionId, (await session.ReceiveMessageAsync(EmulatorFixture.Long)).Body.ToString()).ShouldBe(("late", "x"));
    }

    [Fact]
    public async Task NextSession_NoneInTime_ServiceTimeout()
    {
        var queue = await QueueAsync();
        await using var client = new ServiceBusClient(emulator.Server.ConnectionString, new ServiceBusClientOptions { RetryOptions = { TryTimeout = TimeSpan.FromSeconds(2), MaxRetries = 0 } });

        (await Should.ThrowAsync<ServiceBusException>(client.AcceptNextSessionAsync(queue.Name))).Reason.ShouldBe(ServiceBusFailureReason.ServiceTimeout);

        // It has given up its place: the session goes to the next one.
        await queue.Sender.SendMessageAsync(new ServiceBusMessage("x") { SessionId = "s" });
        await using var session = await emulator.Client.AcceptNextSessionAsync(queue.Name);
        session.SessionId.ShouldBe("s");
    }

    [Fact]
    public async Task State_StaysWithTheSession()
    {
        var queue = await QueueAsync(("a", "1"));
        await using (var session = await emulator.Client.AcceptSessionAsync(queue.Name, "a"))
        {
            (await session.GetSessionStateAsync()).ShouldBeNull();
            await session.SetSessionStateAsync(new BinaryData("state"));
        }

        await using var again = await emulator.Client.AcceptSessionAsync(queue.Name, "a");
        (await again.GetSessionStateAsync()).ToString().ShouldBe("state");
        await again.SetSessionStateAsync(null);
        (await again.GetSessionStateAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Renew_LocksLonger()
    {
        var queue = await QueueAsync(("a", "1"));
        await using var session = await emulator.Client.AcceptSessionAsync(queue.Name, "a");
        var until = session.SessionLockedUntil;

        await Eventually.TrueAsync(async () =>
        {
            await session.RenewSessionLockAsync();
            return session.SessionLockedUntil > until;
        });
    }

    [Fact]
    public async Task Close_MessagesAreFreeAtOnce_AndNotCounted()
    {
        var queue = await QueueAsync(("a", "1"));
        await using (var session = await emulator.Client.AcceptSessionAsync(queue.Name, "a"))
            (await session.ReceiveMessageAsync(EmulatorFixture.Long)).DeliveryCount.ShouldBe(1);

        await using var again = await emulator.Client.AcceptSessionAsync(queue.Name, "a");
        (await again.ReceiveMessageAsync(EmulatorFixture.Long)).DeliveryCount.ShouldBe(1);
    }

    [Fact]
    public async Task DeferredInASession_IsReceivedByItsNumber()
    {
        var queue = await QueueAsync(("a", "1"));
        await using var session = await emulator.Client.AcceptSessionAsync(queue.Name, "a");
        var message = await session.ReceiveMessageAsync(EmulatorFixture.Long);
        await session.DeferMessageAsync(message);

        var deferred = await session.ReceiveDeferredMessageAsync(message.SequenceNumber);

        await session.CompleteMessageAsync(deferred);
        (await session.PeekMessageAsync(0)).ShouldBeNull();
    }

    [Fact]
    public async Task WithAndWithoutSessions_DoNotMix()
    {
        var (with, without) = (await QueueAsync(("a", "1")), await emulator.QueueAsync());
        await using var plain = emulator.Client.CreateReceiver(with.Name);

        await Should.ThrowAsync<InvalidOperationException>(plain.ReceiveMessageAsync(EmulatorFixture.Briefly));
        await Should.ThrowAsync<InvalidOperationException>(emulator.Client.AcceptNextSessionAsync(without.Name));
        await Should.ThrowAsync<InvalidOperationException>(with.Sender.SendMessageAsync(new ServiceBusMessage("no session")));
    }

    [Fact]
    public async Task DeadLettersOfSessions_AreReceivedWithoutSession()
    {
        var queue = await QueueAsync(("a", "1"));
        await using var session = await emulator.Client.AcceptSessionAsync(queue.Name, "a");
        await session.DeadLetterMessageAsync(await session.ReceiveMessageAsync(EmulatorFixture.Long), "Reason");

        (await emulator.DeadLetters(queue.Name).ReceiveMessageAsync(EmulatorFixture.Long)).SessionId.ShouldBe("a");
    }

    [Fact]
    public async Task SessionProcessor_KeepsTheOrderOfEachSession()
    {
        var queue = await QueueAsync([.. Enumerable.Range(0, 10).SelectMany(i => new[] { ("x", $"{i}"), ("y", $"{i}"), ("z", $"{i}") })]);
        await using var processor = emulator.Client.CreateSessionProcessor(queue.Name, new ServiceBusSessionProcessorOptions { MaxConcurrentSessions = 2, SessionIdleTimeout = TimeSpan.FromMilliseconds(500) });
        var seen = new ConcurrentQueue<(string Session, string Body)>();
        processor.ProcessMessageAsync += args =>
        {
            seen.Enqueue((args.SessionId, args.Message.Body.ToString()));
            return Task.CompletedTask;
        };
        processor.ProcessErrorAsync += _ => Task.CompletedTask;

        await processor.StartProcessingAsync();
        await Eventually.TrueAsync(() => seen.Count == 30);
        await processor.StopProcessingAsync();

        foreach (var session in seen.GroupBy(one => one.Session))
            session.Select(one => one.Body).ShouldBe(Enumerable.Range(0, 10).Select(i => $"{i}"));
    }

    private async Task<TestQueue> QueueAsync(params (string Session, string Body)[] messages)
    {
        var queue = await emulator.QueueAsync(options => options.RequiresSession = true);
        await queue.Sender.SendMessagesAsync(messages.Select(message => new ServiceBusMessage(message.Body) { SessionId = message.Session }));
        return queue;
    }
}
