using Azure.Messaging.ServiceBus;
using ImageAspire.Azure.Events;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Core;
using Microsoft.Extensions.Logging.Abstractions;

namespace ImageAspire.Tests.Azure;

/// <summary>What the service is told for each outcome, with a receiver and a sender that only write down.</summary>
public sealed class SettlementTests
{
    private static readonly ServiceBusReceivedMessage Message = ServiceBusMessagesTests.Received(
        ServiceBusMessages.Of(ImageLifecycle.Delete(Records.Received(), Records.Someone).Event, null));

    private readonly List<string> _said = [];

    [Fact]
    public async Task Complete_IsCompleted()
    {
        await SettleAsync(MessageOutcome.Completed);
        _said.ShouldBe(["complete"]);
    }

    [Fact]
    public async Task DeadLetter_ReasonAndDescriptionGoAlongAndLongOnesAreCut()
    {
        await SettleAsync(new MessageOutcome.DeadLetter("bad", new string('x', 10_000)));
        _said.ShouldBe([$"dead-letter bad {new string('x', 4_000)}"]);
    }

    [Fact]
    public async Task RetryAtOnce_IsAbandoned()
    {
        await SettleAsync(new MessageOutcome.RetryAfter(TimeSpan.Zero));
        _said.ShouldBe(["abandon"]);
    }

    [Fact]
    public async Task RetryAtOnceNotCounted_IsAbandonedWithAMark()
    {
        await SettleAsync(new MessageOutcome.RetryAfter(TimeSpan.Zero, Counted: false));
        _said.ShouldBe(["abandon imageaspire-uncounted=1"]);
    }

    [Fact]
    public async Task RetryLater_TheCopyFirstThenTheOriginal()
    {
        await SettleAsync(new MessageOutcome.RetryAfter(TimeSpan.FromMinutes(1)));
        _said.ShouldBe(["send to inspect-image", "complete"]);
    }

    [Fact]
    public async Task RetryLater_CopyCannotBeSent_TheOriginalStays()
    {
        var settlement = new Settlement(new Sender(_ => throw new ServiceBusException("down", ServiceBusFailureReason.ServiceTimeout)), "inspect-image", TimeProvider.System, NullLogger.Instance);
        await Should.ThrowAsync<ServiceBusException>(() => settlement.SettleAsync(Args(), new MessageOutcome.RetryAfter(TimeSpan.FromMinutes(1))));
        _said.ShouldBeEmpty();
    }

    [Fact]
    public async Task Complete_LockLost_IsNoError()
    {
        var lost = new ServiceBusException("lost", ServiceBusFailureReason.MessageLockLost);
        var args = new ProcessMessageEventArgs(Message, new Receiver(_ => throw lost), "test", CancellationToken.None);
        await new Settlement(new Sender(_said.Add), "inspect-image", TimeProvider.System, NullLogger.Instance).SettleAsync(args, MessageOutcome.Completed);
    }

    private Task SettleAsync(MessageOutcome outcome) =>
        new Settlement(new Sender(_said.Add), "inspect-image", TimeProvider.System, NullLogger.Instance).SettleAsync(Args(), outcome);

    private ProcessMessageEventArgs Args() => new(Message, new Receiver(_said.Add), "test", CancellationToken.None);

    private sealed class Sender(Action<string> say) : ServiceBusSender
    {
        public override Task SendMessageAsync(ServiceBusMessage message, CancellationToken cancellationToken = default)
        {
            say($"send to {message.To}");
            return Task.CompletedTask;
        }
    }

    private sealed class Receiver(Action<string> say) : ServiceBusReceiver
    {
        public override Task CompleteMessageAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) => Said("complete");

        public override Task AbandonMessageAsync(
            ServiceBusReceivedMessage message, IDictionary<string, object>? propertiesToModify = null, CancellationToken cancellationToken = default) =>
            Said(string.Join(' ', (propertiesToModify ?? new Dictionary<string, object>()).Select(pair => $"{pair.Key}={pair.Value}").Prepend("abandon")));

        public override Task DeadLetterMessageAsync(
            ServiceBusReceivedMessage message, string deadLetterReason, string? deadLetterErrorDescription = null, CancellationToken cancellationToken = default) =>
            Said($"dead-letter {deadLetterReason} {deadLetterErrorDescription}");

        private Task Said(string what)
        {
            say(what);
            return Task.CompletedTask;
        }
    }
}
