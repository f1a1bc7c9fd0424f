using Azure.Messaging.ServiceBus;
using ImageAspire.Core.Ports;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Azure.Topic;

/// <summary>Tells the service what a handler decided.</summary>
/// <param name="sender">Sends copies that come again later.</param>
/// <param name="options">The subscription.</param>
/// <param name="time">Clock.</param>
/// <param name="logger">Log.</param>
internal sealed partial class Settlement(ServiceBusSender sender, SubscriptionOptions options, TimeProvider time, ILogger logger)
{
    /// <summary>Reason of a dead letter that was delivered too often; the service uses the same word.</summary>
    public const string TooManyDeliveries = "MaxDeliveryCountExceeded";

    // The service cuts nothing by itself: it refuses longer ones.
    private const int MaxDescription = 4_000;

    /// <summary>Settles a message. A lock that was lost is no error: the message comes again, and handlers are idempotent.</summary>
    /// <param name="args">The delivery.</param>
    /// <param name="outcome">The handler's decision.</param>
    public async Task SettleAsync(ProcessMessageEventArgs args, MessageOutcome outcome)
    {
        // Not cancellable: what was decided must be told, also while the process stops.
        try
        {
            await (outcome switch
            {
                MessageOutcome.Complete => args.CompleteMessageAsync(args.Message, CancellationToken.None),
                MessageOutcome.DeadLetter dead => BuryAsync(args, dead.Reason, dead.Description),
                // The service sees one delivery of each copy; the sum is known only here.
                MessageOutcome.RetryAfter { Counted: true } when ServiceBusMessages.DeliveryCount(args.Message) >= options.MaxDeliveryCount =>
                    BuryAsync(args, TooManyDeliveries, $"Delivered {ServiceBusMessages.DeliveryCount(args.Message)} times and never completed."),
                MessageOutcome.RetryAfter { Delay: var delay, Counted: true } when delay <= TimeSpan.Zero =>
                    args.AbandonMessageAsync(args.Message, propertiesToModify: null, CancellationToken.None),
                // Not counted means a copy, also at once: the service counts every delivery of one message, and would bury it.
                MessageOutcome.RetryAfter retry => LaterAsync(args, retry.Delay, retry.Counted),
                _ => throw new InvalidOperationException($"A handler's decision is unknown: {outcome}."),
            });
        }
        catch (ServiceBusException error) when (error.Reason is ServiceBusFailureReason.MessageLockLost or ServiceBusFailureReason.MessageNotFound)
        {
            LogLockLost(logger, options.Name, args.Message.MessageId);
        }
    }

    // First the copy, then the original: a crash between the two repeats, and never loses.
    private async Task LaterAsync(ProcessMessageEventArgs args, TimeSpan delay, bool counted)
    {
        await sender.SendMessageAsync(ServiceBusMessages.Later(args.Message, options.Name, time.GetUtcNow() + delay, counted), CancellationToken.None);
        await args.CompleteMessageAsync(args.Message, CancellationToken.None);
    }

    private static Task BuryAsync(ProcessMessageEventArgs args, string reason, string description) =>
        args.DeadLetterMessageAsync(args.Message, ServiceBusMessages.Buried(args.Message), reason, Cut(description), CancellationToken.None);

    private static string Cut(string text) => text.Length <= MaxDescription ? text : text[..MaxDescription];

    [LoggerMessage(LogLevel.Warning, "{Subscription}: the lock of message {MessageId} was lost before it could be settled; it will be delivered again.")]
    private static partial void LogLockLost(ILogger logger, string subscription, string messageId);
}
