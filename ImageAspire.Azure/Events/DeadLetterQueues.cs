using Azure.Messaging.ServiceBus;
using ImageAspire.Core.Errors;
using ImageAspire.Core.Events;
using ImageAspire.Core.Ports;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Azure.Events;

/// <summary>The dead-letter queues of the topic's subscriptions: listed by peeking, emptied by receiving.</summary>
internal sealed partial class DeadLetterQueues(ServiceBusClient client, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    /// <summary>So many dead letters of a subscription can be listed and replayed; further ones come up when these are gone.</summary>
    public const int Max = 5_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WaitForOthers = TimeSpan.FromSeconds(10);
    private readonly ServiceBusSender _sender = client.CreateSender(ImageEventTypes.Topic);

    /// <summary>The queue of a subscription.</summary>
    public ServiceBusReceiver Of(string subscription) =>
        client.CreateReceiver(ImageEventTypes.Topic, subscription, new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });

    /// <summary>As <see cref="ITopicOperations.ListDeadLettersAsync"/> says.</summary>
    public async Task<IReadOnlyList<DeadLetter>> ListAsync(string subscription, int limit, long? before, CancellationToken cancellationToken)
    {
        try
        {
            await using var receiver = Of(subscription);
            // The service lists from the oldest; the newest are wanted first.
            var all = new List<ServiceBusReceivedMessage>();
            while (all.Count < Max)
            {
                var from = all.Count == 0 ? 0 : all[^1].SequenceNumber + 1;
                var page = await receiver.PeekMessagesAsync(ServiceBusOperations.LookAt, from, cancellationToken);
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

    /// <summary>As <see cref="ITopicOperations.ResolveDeadLetterAsync"/> says.</summary>
    /// <exception cref="StoreUnavailableException">It is there, but others hold it all the time.</exception>
    public async Task<bool> ResolveAsync(string subscription, long sequence, bool discard, CancellationToken cancellationToken)
    {
        try
        {
            await using var receiver = Of(subscription);
            var began = time.GetTimestamp();
            while (await receiver.PeekMessageAsync(sequence, cancellationToken) is { } first && first.SequenceNumber == sequence)
            {
                if (await TryResolveAsync(receiver, subscription, sequence, discard, cancellationToken))
                    return true;
                // Another operator holds it: to resolve it, or because theirs lies behind it. The latter gives it back.
                if (time.GetElapsedTime(began) > WaitForOthers)
                    throw new StoreUnavailableException($"Dead letter {sequence} of {subscription} is held by another operator; try again in a minute.");
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
        // A dead letter can be had only by receiving it. Others that come first are held until it is found, then given back.
        var held = new List<ServiceBusReceivedMessage>();
        try
        {
            if (await FindAsync(receiver, sequence, held, cancellationToken) is not { } found)
                return false;
            if (!discard)
                await _sender.SendMessageAsync(ServiceBusMessages.Replayed(found, subscription), cancellationToken);
            await receiver.CompleteMessageAsync(found, CancellationToken.None);
            return true;
        }
        finally
        {
            await GiveBackAsync(receiver, subscription, held);
        }
    }

    private static async Task<ServiceBusReceivedMessage?> FindAsync(
        ServiceBusReceiver receiver, long sequence, List<ServiceBusReceivedMessage> held, CancellationToken cancellationToken)
    {
        while (held.Count < Max)
        {
            var batch = await receiver.ReceiveMessagesAsync(100, Patience, cancellationToken);
            var found = batch.FirstOrDefault(message => message.SequenceNumber == sequence);
            held.AddRange(batch.Where(message => message.SequenceNumber != sequence));
            if (found is not null || batch.Count == 0)
                return found;
        }

        return null;
    }

    private async Task GiveBackAsync(ServiceBusReceiver receiver, string subscription, List<ServiceBusReceivedMessage> held)
    {
        try
        {
            foreach (var message in held)
                await receiver.AbandonMessageAsync(message, propertiesToModify: null, CancellationToken.None);
        }
        catch (Exception error) when (ServiceBusErrors.IsOfService(error))
        {
            LogHeld(logger, subscription, held.Count, error);
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
            e = null; // that is why it is here
        }

        return new DeadLetter(subscription, message.SequenceNumber, e, message.DeadLetterReason ?? "unknown",
            message.DeadLetterErrorDescription ?? "", ServiceBusMessages.DeliveriesOfDeadLetter(message), message.EnqueuedTime.ToUniversalTime());
    }

    [LoggerMessage(LogLevel.Information, "{Subscription}: up to {Count} dead letters that were looked through stay locked until their lock ends.")]
    private static partial void LogHeld(ILogger logger, string subscription, int count, Exception error);
}
