using Azure.Messaging.ServiceBus;
using ImageAspire.Core.Errors;
using ImageAspire.Core.Events;
using ImageAspire.Core.Heartbeats;
using ImageAspire.Core.Ports;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Azure.Topic;

/// <summary>The dead-letter queues of the topic's subscriptions: listed by peeking, emptied by receiving.</summary>
internal sealed partial class DeadLetterQueues(ServiceBusClient client, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    /// <summary>Largest number of dead letters of a subscription that can be listed and restored; further ones follow when these are resolved.</summary>
    public const int Max = 5_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(10);
    private readonly ServiceBusSender _sender = client.CreateSender(ImageEventTypes.Topic);

    /// <summary>Opens the dead-letter queue of a subscription.</summary>
    public ServiceBusReceiver OpenReceiver(string subscription) =>
        client.CreateReceiver(ImageEventTypes.Topic, subscription, new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });

    /// <summary>See <see cref="ITopicOperations.ListDeadLettersAsync"/>.</summary>
    public async Task<IReadOnlyList<DeadLetter>> ListAsync(string subscription, int limit, long? before, CancellationToken cancellationToken)
    {
        try
        {
            await using var receiver = OpenReceiver(subscription);
            // The service lists the oldest first; operators want the newest first.
            var all = new List<ServiceBusReceivedMessage>();
            while (all.Count < Max)
            {
                var from = all.Count == 0 ? 0 : all[^1].SequenceNumber + 1;
                var page = await receiver.PeekMessagesAsync(ServiceBusOperations.PeekLimit, from, cancellationToken);
                if (page.Count == 0)
                    break;
                all.AddRange(page);
            }

            return [.. all.Where(message => before is null || message.SequenceNumber < before)
                .OrderByDescending(message => message.SequenceNumber).Take(limit).Select(message => Describe(subscription, message))];
        }
        catch (ServiceBusException error) when (error.Reason == ServiceBusFailureReason.MessagingEntityNotFound)
        {
            return [];
        }
        catch (Exception error) when (ServiceBusErrors.IsOfService(error))
        {
            throw ServiceBusErrors.Unavailable(error);
        }
    }

    /// <summary>See <see cref="ITopicOperations.ResolveDeadLetterAsync"/>.</summary>
    /// <exception cref="StoreUnavailableException">Another operator keeps the dead letter locked.</exception>
    public async Task<bool> ResolveAsync(string subscription, long sequence, bool discard, CancellationToken cancellationToken)
    {
        try
        {
            await using var receiver = OpenReceiver(subscription);
            var began = time.GetTimestamp();
            while (await receiver.PeekMessageAsync(sequence, cancellationToken) is { } first && first.SequenceNumber == sequence)
            {
                if (await TryResolveAsync(receiver, subscription, sequence, discard, cancellationToken))
                    return true;
                // Another operator has it locked: to resolve it, or to reach a later one, and then releases it.
                if (time.GetElapsedTime(began) > LockPatience)
                    throw new StoreUnavailableException($"Dead letter {sequence} of {subscription} is locked by another operator; try again in a minute.") { Dependency = DependencyNames.Topic, Cause = FaultCauses.DependencySlow };
                await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(20, 200)), time, cancellationToken);
            }

            return false;
        }
        catch (ServiceBusException error) when (error.Reason == ServiceBusFailureReason.MessagingEntityNotFound)
        {
            return false;
        }
        catch (Exception error) when (ServiceBusErrors.IsOfService(error))
        {
            throw ServiceBusErrors.Unavailable(error);
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _sender.DisposeAsync();

    private async Task<bool> TryResolveAsync(
        ServiceBusReceiver receiver, string subscription, long sequence, bool discard, CancellationToken cancellationToken)
    {
        // A dead letter is resolved by receiving it. Earlier ones stay locked until it is found, and are then released.
        var locked = new List<ServiceBusReceivedMessage>();
        try
        {
            if (await FindAsync(receiver, sequence, locked, cancellationToken) is not { } found)
                return false;
            if (!discard)
                await _sender.SendMessageAsync(ServiceBusMessages.Restored(found, subscription), cancellationToken);
            await receiver.CompleteMessageAsync(found, CancellationToken.None);
            return true;
        }
        finally
        {
            await ReleaseAsync(receiver, subscription, locked);
        }
    }

    private static async Task<ServiceBusReceivedMessage?> FindAsync(
        ServiceBusReceiver receiver, long sequence, List<ServiceBusReceivedMessage> locked, CancellationToken cancellationToken)
    {
        while (locked.Count < Max)
        {
            var batch = await receiver.ReceiveMessagesAsync(100, Patience, cancellationToken);
            var found = batch.FirstOrDefault(message => message.SequenceNumber == sequence);
            locked.AddRange(batch.Where(message => message.SequenceNumber != sequence));
            if (found is not null || batch.Count == 0)
                return found;
        }

        return null;
    }

    private async Task ReleaseAsync(ServiceBusReceiver receiver, string subscription, List<ServiceBusReceivedMessage> locked)
    {
        try
        {
            foreach (var message in locked)
                await receiver.AbandonMessageAsync(message, propertiesToModify: null, CancellationToken.None);
        }
        catch (Exception error) when (ServiceBusErrors.IsOfService(error))
        {
            LogNotReleased(logger, subscription, locked.Count, error);
        }
    }

    private static DeadLetter Describe(string subscription, ServiceBusReceivedMessage message)
    {
        ImageEvent? e;
        try
        {
            e = CloudEvents.Read(message.Body.ToMemory().Span);
        }
        catch (FormatException)
        {
            e = null; // which is why it was dead-lettered
        }

        return new DeadLetter(subscription, message.SequenceNumber, e, message.DeadLetterReason ?? "unknown",
            message.DeadLetterErrorDescription ?? "", ServiceBusMessages.DeliveriesOfDeadLetter(message), message.EnqueuedTime.ToUniversalTime());
    }

    [LoggerMessage(LogLevel.Information, "{Subscription}: up to {Count} dead letters stay locked until their locks expire.")]
    private static partial void LogNotReleased(ILogger logger, string subscription, int count, Exception error);
}
