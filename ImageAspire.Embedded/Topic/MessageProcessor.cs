using ImageAspire.Core.Events;
using ImageAspire.Core.Failpoints;
using ImageAspire.Core.Ports;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Embedded.Topic;

/// <summary>Processes one locked message: calls the handler, renews the lock meanwhile, settles.</summary>
internal sealed partial class MessageProcessor(TopicRuntime topic, SubscriptionOptions options, MessageHandler handler, Settlement settlement)
{
    /// <summary>Processes a message. Never throws: what cannot be settled is delivered again.</summary>
    public async Task ProcessAsync(LockedMessage message)
    {
        try
        {
            Failpoint.Hit(FailpointNames.TopicLocked);
            await using var renewer = new LockRenewer(topic, options, message);
            var outcome = await HandleAsync(message, renewer.LockLost);
            Failpoint.Hit(FailpointNames.TopicHandled);
            await renewer.StopAsync();
            if (!renewer.LockLost.IsCancellationRequested)
                await settlement.SettleAsync(message, outcome);
            Failpoint.Hit(FailpointNames.TopicSettled);
        }
        catch (Exception error)
        {
            LogNotSettled(topic.Logger, options.Name, message.Sequence, error);
        }
    }

    private async Task<MessageOutcome> HandleAsync(LockedMessage message, CancellationToken lockLost)
    {
        ImageEvent e;
        try
        {
            e = CloudEvents.Read(message.Body);
        }
        catch (FormatException error)
        {
            return new MessageOutcome.DeadLetter("UnreadableMessage", error.Message);
        }

        try
        {
            return await handler(new ReceivedMessage(e, message.Count, message.EnqueuedAt, message.Sequence), lockLost);
        }
        catch (Exception error)
        {
            LogHandlerThrew(topic.Logger, options.Name, message.Sequence, error);
            return new MessageOutcome.RetryAfter(TimeSpan.Zero);
        }
    }

    [LoggerMessage(LogLevel.Error, "Subscription {Subscription}: message {Sequence} could not be settled; it is delivered again when its lock expires.")]
    private static partial void LogNotSettled(ILogger logger, string subscription, long sequence, Exception error);

    [LoggerMessage(LogLevel.Warning, "Subscription {Subscription}: the handler of message {Sequence} threw; the message is retried.")]
    private static partial void LogHandlerThrew(ILogger logger, string subscription, long sequence, Exception error);
}
