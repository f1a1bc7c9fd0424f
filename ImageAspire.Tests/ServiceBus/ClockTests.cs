using Azure.Messaging.ServiceBus;
using Azure.Messaging.ServiceBus.Administration;
using Microsoft.Extensions.Time.Testing;

namespace ImageAspire.Tests.ServiceBus;

/// <summary>What happens by itself when its time has come, under a clock that the test moves.</summary>
public sealed class ClockTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);
    private EmulatorFixture _emulator = null!;

    public async ValueTask InitializeAsync() => _emulator = await EmulatorFixture.StartAsync(_clock);

    public ValueTask DisposeAsync() => _emulator.DisposeAsync();

    [Fact]
    public async Task Lock_Expires_ComesAgainAndTheOldLockIsLost()
    {
        var queue = await _emulator.QueueAsync(options => options.LockDuration = TimeSpan.FromSeconds(30));
        await queue.SendAsync("x");
        var first = await queue.ReceiveAsync();

        _clock.Advance(TimeSpan.FromSeconds(31));

        (await queue.ReceiveAsync()).DeliveryCount.ShouldBe(2);
        (await Should.ThrowAsync<ServiceBusException>(queue.Receiver.CompleteMessageAsync(first))).Reason.ShouldBe(ServiceBusFailureReason.MessageLockLost);
        (await Should.ThrowAsync<ServiceBusException>(queue.Receiver.RenewMessageLockAsync(first))).Reason.ShouldBe(ServiceBusFailureReason.MessageLockLost);
    }

    [Fact]
    public async Task Lock_Renewed_Holds()
    {
        var queue = await _emulator.QueueAsync(options => options.LockDuration = TimeSpan.FromSeconds(30));
        await queue.SendAsync("x");
        var message = await queue.ReceiveAsync();

        for (var i = 0; i < 3; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(20));
            await queue.Receiver.RenewMessageLockAsync(message);
        }

        await queue.Receiver.CompleteMessageAsync(message);
    }

    [Fact]
    public async Task Scheduled_ComesWhenItIsDue_CanceledOneNever()
    {
        var queue = await _emulator.QueueAsync();
        var due = _clock.GetUtcNow().AddMinutes(5);
        await queue.Sender.ScheduleMessageAsync(new ServiceBusMessage("due"), due);
        var canceled = await queue.Sender.ScheduleMessageAsync(new ServiceBusMessage("canceled"), due);
        (await queue.Receiver.PeekMessageAsync(0)).State.ShouldBe(ServiceBusMessageState.Scheduled);
        (await _emulator.Administration.GetQueueRuntimePropertiesAsync(queue.Name)).Value.ScheduledMessageCount.ShouldBe(2);

        await queue.Sender.CancelScheduledMessageAsync(canceled);
        await queue.ShouldBeEmptyAsync();
        _clock.Advance(TimeSpan.FromMinutes(6));

        var message = await queue.ReceiveAsync();
        (message.Body.ToString(), message.ScheduledEnqueueTime.ToUnixTimeSeconds()).ShouldBe(("due", due.ToUnixTimeSeconds()));
        await queue.ShouldBeEmptyAsync();
        (await Should.ThrowAsync<ServiceBusException>(queue.Sender.CancelScheduledMessageAsync(canceled))).Reason.ShouldBe(ServiceBusFailureReason.MessageNotFound);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TimeToLive_Expired_IsDeadLetteredIfTheQueueSaysSo(bool deadLetters)
    {
        var queue = await _emulator.QueueAsync(options => options.DeadLetteringOnMessageExpiration = deadLetters);
        await queue.Sender.SendMessageAsync(new ServiceBusMessage("x") { TimeToLive = TimeSpan.FromMinutes(1) });

        _clock.Advance(TimeSpan.FromMinutes(2));

        var counts = (await _emulator.Administration.GetQueueRuntimePropertiesAsync(queue.Name)).Value;
        (counts.ActiveMessageCount, counts.DeadLetterMessageCount).ShouldBe((0, deadLetters ? 1 : 0));
        if (deadLetters)
            (await _emulator.DeadLetters(queue.Name).ReceiveMessageAsync(EmulatorFixture.Long)).DeadLetterReason.ShouldBe("TTLExpiredException");
    }

    [Fact]
    public async Task TimeToLive_OfTheQueue_IsTheLongest()
    {
        var queue = await _emulator.QueueAsync(options => options.DefaultMessageTimeToLive = TimeSpan.FromMinutes(1));
        await queue.Sender.SendMessageAsync(new ServiceBusMessage("x") { TimeToLive = TimeSpan.FromHours(1) });

        _clock.Advance(TimeSpan.FromMinutes(2));

        await queue.ShouldBeEmptyAsync();
    }

    [Fact]
    public async Task DuplicateDetection_DropsRepeatsWithinItsWindowOnly()
    {
        var queue = await _emulator.QueueAsync(options => (options.RequiresDuplicateDetection, options.DuplicateDetectionHistoryTimeWindow) = (true, TimeSpan.FromMinutes(5)));
        for (var i = 0; i < 3; i++)
            await queue.Sender.SendMessageAsync(new ServiceBusMessage($"{i}") { MessageId = "same" });
        await queue.Receiver.CompleteMessageAsync(await queue.ReceiveAsync());
        await queue.ShouldBeEmptyAsync();

        _clock.Advance(TimeSpan.FromMinutes(6));
        await queue.Sender.SendMessageAsync(new ServiceBusMessage("later") { MessageId = "same" });

        (await queue.ReceiveAsync()).Body.ToString().ShouldBe("later");
    }

    [Fact]
    public async Task AutoDeleteOnIdle_RemovesWhatIsNotUsed()
    {
        var (idle, used) = (await _emulator.QueueAsync(Idle), await _emulator.QueueAsync(Idle));
        var attached = used.Receiver.ReceiveMessageAsync(EmulatorFixture.Long);
        await Eventually.TrueAsync(() => _emulator.HasReceiverAsync(used.Name));

        _clock.Advance(TimeSpan.FromMinutes(6));

        (await _emulator.Administration.QueueExistsAsync(idle.Name)).Value.ShouldBeFalse();
        (await _emulator.Administration.QueueExistsAsync(used.Name)).Value.ShouldBeTrue();
        await used.SendAsync("x");
        (await attached).Body.ToString().ShouldBe("x");

        static void Idle(CreateQueueOptions options) => options.AutoDeleteOnIdle = TimeSpan.FromMinutes(5);
    }

    [Fact]
    public async Task SessionLock_Expires_MessagesComeAgainToAnother()
    {
        var queue = await _emulator.QueueAsync(options => (options.RequiresSession, options.LockDuration) = (true, TimeSpan.FromSeconds(30)));
        await queue.Sender.SendMessageAsync(new ServiceBusMessage("x") { SessionId = "s" });
        await using var first = await _emulator.Client.AcceptSessionAsync(queue.Name, "s");
        await first.ReceiveMessageAsync(EmulatorFixture.Long);

        _clock.Advance(TimeSpan.FromSeconds(31));

        await using var second = await _emulator.Client.AcceptSessionAsync(queue.Name, "s");
        (await second.ReceiveMessageAsync(EmulatorFixture.Long)).DeliveryCount.ShouldBe(2);
        await Eventually.TrueAsync(() => first.IsClosed); // its link was detached
    }
}
