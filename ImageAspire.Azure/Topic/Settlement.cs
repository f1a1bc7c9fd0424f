using Azure.Messaging.ServiceBus;
using ImageAspire.Core.Ports;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Azure.Topic;

/// <summary>Settles messages as their handlers decided.</summary>
/// <param name="sender">Sends copies for redelivery.</param>
/// <param name="options">The subscription.</param>
/// <param name="time">Clock.</param>
/// <param name="logger">Log.</param>
internal sealed partial class Settlement(ServiceBusSender sender, SubscriptionOptions options, TimeProvider time, ILogger logger)
{
    /// <summary>Reason of a dead letter that was delivered too often; the service uses the same word.</summary>
    public const string TooManyDeliveries = "MaxDeliveryCountExceeded";

    // The service refuses longer ones.
    private const int MaxDescription = 4_000;
    private static readonly TimeSpan RetryAfterError = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Settles a message. Tries until it succeeds, the lock is lost or the processor stops: work that is done must not be repeated because of
    /// an error of the service. A lost lock is no error: the message is delivered again, and handlers are idempotent.
    /// </summary>
    /// <param name="args">The delivery. Its lock is renewed meanwhile.</param>
    /// <param name="outcome">The handler's decision.</param>
    public async Task SettleAsync(ProcessMessageEventArgs args, MessageOutcome outcome)
    {
        while (true)
        {
            try
            {
                await SettleOnceAsync(args, outcome);
                return;
            }
            catch (ServiceBusException error) when (error.Reason is ServiceBusFailureReason.MessageLockLost or ServiceBusFailureReason.MessageNotFound)
            {
                LogLockLost(logger, options.Name, args.Message.MessageId);
                return;
            }
            catch (Exception error) when (ServiceBusErrors.IsOfService(error) && !args.CancellationToken.IsCancellationRequested)
            {
                LogNotSettled(logger, options.Name, args.Message.MessageId, ServiceBusErrors.Explain(error));
                await Task.Delay(RetryAfterError, time, args.CancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    // Not cancellable: messages are settled also while the process stops. Repeating it is safe: the copy of a message has the same id each time.
    private Task SettleOnceAsync(ProcessMessageEventArgs args, MessageOutcome outcome) => outcome switch
    {
        MessageOutcome.Complete => args.CompleteMessageAsync(args.Message, CancellationToken.None),
        MessageOutcome.DeadLetter dead => DeadLetterAsync(args, dead.Reason, dead.Description),
        // The service counts the deliveries of each copy; only this class knows the sum.
        MessageOutcome.RetryAfter { Counted: true } when ServiceBusMessages.DeliveryCount(args.Message) >= options.MaxDeliveryCount =>
            DeadLetterAsync(args, TooManyDeliveries, $"Delivered {ServiceBusMessages.DeliveryCount(args.Message)} times and never completed."),
        MessageOutcome.RetryAfter { Delay: var delay, Counted: true } when delay <= TimeSpan.Zero =>
            args.AbandonMessageAsync(args.Message, propertiesToModify: null, CancellationToken.None),
        // Not counted requires a copy, also without a delay: the service counts every delivery of a message, and would dead-letter it.
        MessageOutcome.RetryAfter retry => RedeliverAsync(args, retry.Delay, retry.Counted),
        _ => throw new InvalidOperationException($"A handler's decision is unknown: {outcome}."),
    };

    // First the copy, then the original: a crash in between repeats the message and never loses it.
    private async Task RedeliverAsync(ProcessMessageEventArgs args, TimeSpan delay, bool counted)
    {
        await sender.SendMessageAsync(ServiceBusMessages.Redelivery(args.Message, options.Name, time.GetUtcNow() + delay, counted), CancellationToken.None);
        await args.CompleteMessageAsync(args.Message, CancellationToken.None);
    }

    private static Task DeadLetterAsync(ProcessMessageEventArgs args, string reason, string description) =>
        args.DeadLetterMessageAsync(args.Message, ServiceBusMessages.DeadLetterProperties(args.Message), reason, Truncate(description), CancellationToken.None);

    private static string Truncate(string text) => text.Length <= MaxDescription ? text : text[..MaxDescription];

    [LoggerMessage(LogLevel.Warning, "{Subscription}: the lock of message {MessageId} was lost before it could be settled; it will be delivered again.")]
    private static partial void LogLockLost(ILogger logger, string subscription, string messageId);

    [LoggerMessage(LogLevel.Warning, "{Subscription}: message {MessageId} could not be settled, and is tried again. {Explanation}")]
    private static partial void LogNotSettled(ILogger logger, string subscription, string messageId, string explanation);
}
