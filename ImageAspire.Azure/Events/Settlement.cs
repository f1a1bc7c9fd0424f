using Azure.Messaging.ServiceBus;
using ImageAspire.Core.Ports;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Azure.Events;

/// <summary>Tells the service what a handler decided.</summary>
/// <param name="sender">Sends copies that come again later.</param>
/// <param name="subscription">Whose messages.</param>
/// <param name="time">Clock.</param>
/// <param name="logger">Log.</param>
internal sealed partial class Settlement(ServiceBusSender sender, string subscription, TimeProvider time, ILogger logger)
{
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
                MessageOutcome.DeadLetter dead => args.DeadLetterMessageAsync(args.Message, dead.Reason, Cut(dead.Description), CancellationToken.None),
                MessageOutcome.RetryAfter { Delay: var delay, Counted: var counted } when delay > TimeSpan.Zero => LaterAsync(args, delay, counted),
                MessageOutcome.RetryAfter { Counted: false } => args.AbandonMessageAsync(
                    args.Message, ServiceBusMessages.Uncounted(args.Message), CancellationToken.None),
                _ => args.AbandonMessageAsync(args.Message, propertiesToModify: null, CancellationToken.None),
            });
        }
        catch (ServiceBusException error) when (error.Reason is ServiceBusFailureReason.MessageLockLost or ServiceBusFailureReason.MessageNotFound)
        {
            LogLockLost(logger, subscription, args.Message.MessageId);
        }
    }

    // First the copy, then the original: a crash between the two repeats, and never loses.
    private async Task LaterAsync(ProcessMessageEventArgs args, TimeSpan delay, bool counted)
    {
        await sender.SendMessageAsync(ServiceBusMessages.Later(args.Message, subscription, time.GetUtcNow() + delay, counted), CancellationToken.None);
        await args.CompleteMessageAsync(args.Message, CancellationToken.None);
    }

    private static string Cut(string text) => text.Length <= MaxDescription ? text : text[..MaxDescription];

    [LoggerMessage(LogLevel.Warning, "{Subscription}: the lock of message {MessageId} was lost before it could be settled; it will be delivered again.")]
    private static partial void LogLockLost(ILogger logger, string subscription, string messageId);
}
