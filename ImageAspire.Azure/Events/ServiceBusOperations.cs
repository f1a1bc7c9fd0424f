using Azure.Messaging.ServiceBus;
using ImageAspire.Core.Events;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Azure.Events;

/// <summary>
/// What operators see and do. Counts come from the administration API where there is one; else from looking at the first messages,
/// which says "at least so many". The service does not tell how many messages are locked: they are among the active ones.
/// </summary>
internal sealed partial class ServiceBusOperations(
    ServiceBusClient client, ServiceBusTools tools, IPauseSwitches switches, TimeProvider time, ILogger<ServiceBusOperations> logger)
    : ITopicOperations, IAsyncDisposable
{
    /// <summary>So many messages of a queue are looked at when there is no administration API.</summary>
    public const int LookAt = 250;

    /// <summary>So many dead letters of a subscription can be listed and replayed; further ones come up when these are gone.</summary>
    public const int MaxDeadLetters = 5_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly ServiceBusSender _sender = client.CreateSender(ImageEventTypes.Topic);

    /// <inheritdoc />
    public async Task ProbeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await PeekFirstAsync(Topology.DurableSubscriptions[0].Name, cancellationToken);
        }
        catch (Exception error) when (ServiceBusErrors.IsOfService(error))
        {
            throw ServiceBusErrors.Unavailable(error);
        }
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<SubscriptionStatus>> GetStatusAsync(CancellationToken cancellationToken)
    {
        try
        {
            var paused = await switches.GetPausedAsync(cancellationToken);
            return tools.Administration is { } administration
                ? await CountAsync(administration, paused, cancellationToken)
                : [.. (await Task.WhenAll(Topology.DurableSubscriptions.Select(one => LookAsync(one.Name, paused, cancellationToken)))).OfType<SubscriptionStatus>()];
        }
        catch (Exception error) when (ServiceBusErrors.IsOfService(error))
        {
            throw ServiceBusErrors.Unavailable(error);
        }
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<DeadLetter>> ListDeadLettersAsync(string subscription, int limit, long? before, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(limit is >= 1 and <= 200, true, nameof(limit));
        try
        {
            await using var receiver = DeadLetters(subscription);
            // The service lists from the oldest; the newest are wanted first.
            var all = new List<ServiceBusReceivedMessage>();
            while (all.Count < MaxDeadLetters)
            {
                var from = all.Count == 0 ? 0 : all[^1].SequenceNumber + 1;
                var page = await receiver.PeekMessagesAsync(LookAt, from, cancellationToken);
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

    /// <inheritdoc />
    public async Task<bool> ResolveDeadLetterAsync(string subscription, long sequence, bool discard, CancellationToken cancellationToken)
    {
        try
        {
            await using var receiver = DeadLetters(subscription);
            // A dead letter can be had only by receiving it. Others that come first are held until it is found, then given back.
            var held = new List<ServiceBusReceivedMessage>();
            try
            {
                if (await FindAsync(receiver, sequence, held, cancellationToken) is not { } found)
                    return false; // gone, or another operator has it right now
                if (!discard)
                    await _sender.SendMessageAsync(ServiceBusMessages.Replayed(found, subscription, time.GetUtcNow()), cancellationToken);
                await receiver.CompleteMessageAsync(found, CancellationToken.None);
                return true;
            }
            finally
            {
                await GiveBackAsync(receiver, subscription, held);
            }
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
    public async Task<bool> SetPausedAsync(string subscription, bool paused, CancellationToken cancellationToken)
    {
        try
        {
            await PeekFirstAsync(subscription, cancellationToken);
        }
        catch (ServiceBusException error) when (error.Reason == ServiceBusFailureReason.MessagingEntityNotFound)
        {
            return false;
        }
        catch (Exception error) when (ServiceBusErrors.IsOfService(error))
        {
            throw ServiceBusErrors.Unavailable(error);
        }

        await switches.SetAsync(subscription, paused, cancellationToken);
        return true;
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _sender.DisposeAsync();

    private ServiceBusReceiver DeadLetters(string subscription) =>
        client.CreateReceiver(ImageEventTypes.Topic, subscription, new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });

    private async Task<IReadOnlyList<SubscriptionStatus>> CountAsync(
        SubscriptionAdministration administration, IReadOnlySet<string> paused, CancellationToken cancellationToken)
    {
        // The service does not say for which subscription a message waits: each is told the topic's count.
        var scheduled = await administration.CountScheduledAsync(cancellationToken);
        var counts = await administration.CountAsync(cancellationToken);
        return await Task.WhenAll(counts.Select(async one =>
        {
            var oldest = one.ActiveMessageCount > 0 ? await PeekFirstAsync(one.SubscriptionName, cancellationToken) : null;
            return new SubscriptionStatus(one.SubscriptionName, one.ActiveMessageCount, 0, scheduled, one.DeadLetterMessageCount,
                PublishedAt(oldest), paused.Contains(one.SubscriptionName));
        }));
    }

    private async Task<SubscriptionStatus?> LookAsync(string name, IReadOnlySet<string> paused, CancellationToken cancellationToken)
    {
        try
        {
            await using var receiver = client.CreateReceiver(ImageEventTypes.Topic, name);
            var active = await receiver.PeekMessagesAsync(LookAt, fromSequenceNumber: 0, cancellationToken);
            await using var graveyard = DeadLetters(name);
            var dead = await graveyard.PeekMessagesAsync(LookAt, fromSequenceNumber: 0, cancellationToken);
            return new SubscriptionStatus(name, active.Count, 0, 0, dead.Count, PublishedAt(active.Count > 0 ? active[0] : null), paused.Contains(name));
        }
        catch (ServiceBusException error) when (error.Reason == ServiceBusFailureReason.MessagingEntityNotFound)
        {
            return null;
        }
    }

    private async Task<ServiceBusReceivedMessage?> PeekFirstAsync(string subscription, CancellationToken cancellationToken)
    {
        await using var receiver = client.CreateReceiver(ImageEventTypes.Topic, subscription);
        return await receiver.PeekMessageAsync(fromSequenceNumber: 0, cancellationToken);
    }

    private static DateTimeOffset? PublishedAt(ServiceBusReceivedMessage? message) => message is null ? null : ServiceBusMessages.PublishedAt(message);

    private static async Task<ServiceBusReceivedMessage?> FindAsync(
        ServiceBusReceiver receiver, long sequence, List<ServiceBusReceivedMessage> held, CancellationToken cancellationToken)
    {
        while (held.Count < MaxDeadLetters)
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
            message.DeadLetterErrorDescription ?? "", ServiceBusMessages.DeliveryCount(message), message.EnqueuedTime.ToUniversalTime());
    }

    [LoggerMessage(LogLevel.Information, "{Subscription}: up to {Count} dead letters that were looked through stay locked until their lock ends.")]
    private static partial void LogHeld(ILogger logger, string subscription, int count, Exception error);
}
