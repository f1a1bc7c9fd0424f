using Azure.Messaging.ServiceBus;
using ImageAspire.Azure.Topic;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Ports;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ImageAspire.Tests.Azure;

/// <summary>The calls to the service for each outcome, on a receiver and a sender that only record.</summary>
public sealed class SettlementTests
{
    private static readonly ServiceBusReceivedMessage Message = ServiceBusMessagesTests.Received(
        ServiceBusMessages.Of(ImageLifecycle.Purge(Samples.Received(), Samples.Traced).Event, null));

    private static readonly SubscriptionOptions Options = new("inspect-image") { MaxDeliveryCount = 3 };

    private readonly List<string> _said = [];

    private static ServiceBusException Down => new("down", ServiceBusFailureReason.ServiceTimeout);

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
        _said.ShouldBe([$"dead-letter bad {new string('x', 4_000)} imageaspire-deliveries=1"]);
    }

    [Fact]
    public async Task RetryAtOnce_IsAbandoned()
    {
        await SettleAsync(new MessageOutcome.RetryAfter(TimeSpan.Zero));
        _said.ShouldBe(["abandon"]);
    }

    [Fact]
    public async Task RetryAtOnceNotCounted_IsACopyToo()
    {
        await SettleAsync(new MessageOutcome.RetryAfter(TimeSpan.Zero, Counted: false));
        _said.ShouldBe(["send to inspect-image", "complete"]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(60)]
    public async Task Retry_LastDelivery_IsDeadLettered(int seconds)
    {
        var last = ServiceBusMessagesTests.Received(ServiceBusMessages.Redelivery(Message, "inspect-image", DateTimeOffset.UnixEpoch, counted: true), deliveryCount: 2);
        await SettleAsync(new MessageOutcome.RetryAfter(TimeSpan.FromSeconds(seconds)), last);
        _said.ShouldBe(["dead-letter MaxDeliveryCountExceeded Delivered 3 times and never completed. imageaspire-deliveries=3"]);
    }

    [Fact]
    public async Task RetryNotCounted_LastDelivery_ComesAgain()
    {
        var last = ServiceBusMessagesTests.Received(ServiceBusMessages.Redelivery(Message, "inspect-image", DateTimeOffset.UnixEpoch, counted: true), deliveryCount: 2);
        await SettleAsync(new MessageOutcome.RetryAfter(TimeSpan.FromMinutes(1), Counted: false), last);
        _said.ShouldBe(["send to inspect-image", "complete"]);
    }

    [Fact]
    public async Task RetryLater_TheCopyFirstThenTheOriginal()
    {
        await SettleAsync(new MessageOutcome.RetryAfter(TimeSpan.FromMinutes(1)));
        _said.ShouldBe(["send to inspect-image", "complete"]);
    }

    [Fact]
    public async Task RetryLater_CopyCannotBeSentAndTheProcessorStops_TheOriginalStays()
    {
        using var stopping = new CancellationTokenSource();
        var settlement = new Settlement(new Sender(_ => { stopping.Cancel(); throw Down; }), Options, TimeProvider.System, NullLogger.Instance);
        var args = new ProcessMessageEventArgs(Message, new Receiver(_said.Add), "test", stopping.Token);
        await Should.ThrowAsync<ServiceBusException>(() => settlement.SettleAsync(args, new MessageOutcome.RetryAfter(TimeSpan.FromMinutes(1))));
        _said.ShouldBeEmpty();
    }

    [Fact]
    public async Task Complete_TheServiceIsDown_IsTriedUntilItAnswers()
    {
        var time = new FakeTimeProvider();
        var tries = 0;
        var args = new ProcessMessageEventArgs(Message, new Receiver(what => { if (++tries < 3) throw Down; _said.Add(what); }), "test", CancellationToken.None);

        var settled = new Settlement(new Sender(_said.Add), Options, time, NullLogger.Instance).SettleAsync(args, MessageOutcome.Completed);
        while (!settled.IsCompleted)
            time.Advance(TimeSpan.FromSeconds(1));

        await settled;
        (tries, _said.Single()).ShouldBe((3, "complete"));
    }

    [Fact]
    public async Task Complete_LockLost_IsNoError()
    {
        var lost = new ServiceBusException("lost", ServiceBusFailureReason.MessageLockLost);
        var args = new ProcessMessageEventArgs(Message, new Receiver(_ => throw lost), "test", CancellationToken.None);
        await new Settlement(new Sender(_said.Add), Options, TimeProvider.System, NullLogger.Instance).SettleAsync(args, MessageOutcome.Completed);
    }

    private Task SettleAsync(MessageOutcome outcome, ServiceBusReceivedMessage? message = null) =>
        new Settlement(new Sender(_said.Add), Options, TimeProvider.System, NullLogger.Instance).SettleAsync(Args(message), outcome);

    private ProcessMessageEventArgs Args(ServiceBusReceivedMessage? message = null) => new(message ?? Message, new Receiver(_said.Add), "test", CancellationToken.None);

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
            Said("abandon" + Text(propertiesToModify));

        public override Task DeadLetterMessageAsync(
            ServiceBusReceivedMessage message, IDictionary<string, object> propertiesToModify, string deadLetterReason,
            string? deadLetterErrorDescription = null, CancellationToken cancellationToken = default) =>
            Said($"dead-letter {deadLetterReason} {deadLetterErrorDescription}{Text(propertiesToModify)}");

        private static string Text(IDictionary<string, object>? properties) =>
            string.Concat((properties ?? new Dictionary<string, object>()).Select(pair => $" {pair.Key}={pair.Value}"));

        private Task Said(string what)
        {
            say(what);
            return Task.CompletedTask;
        }
    }
}
