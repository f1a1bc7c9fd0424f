using Azure.Messaging.ServiceBus;
using ImageAspire.Core.Events;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Azure.Topic;

/// <summary>
/// The topic's operations on Service Bus. Counts come from the administration API where there is one; otherwise from peeking, as lower
/// bounds. The service does not report how many messages are locked: they count as active.
/// </summary>
internal sealed class ServiceBusOperations(
    ServiceBusClient client, ServiceBusTools tools, IPauseSwitches switches, TimeProvider time, ILogger<ServiceBusOperations> logger)
    : ITopicOperations, IAsyncDisposable
{
    /// <summary>Largest number of messages of a queue that are peeked when there is no administration API.</summary>
    public const int PeekLimit = 250;

    // For the poll itself, and for stopping.
    private static readonly TimeSpan PauseSlack = TimeSpan.FromSeconds(1);
    private readonly DeadLetterQueues _deadLetters = new(client, time, logger);

    /// <inheritdoc />
    public async Task ProbeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await PeekFirstAsync(StageCatalog.Subscriptions[0].Name, cancellationToken);
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
                : [.. (await Task.WhenAll(StageCatalog.Subscriptions.Select(one => PeekCountsAsync(one.Name, paused, cancellationToken)))).OfType<SubscriptionStatus>()];
        }
        catch (Exception error) when (ServiceBusErrors.IsOfService(error))
        {
            throw ServiceBusErrors.Unavailable(error);
        }
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<DeadLetter>> ListDeadLettersAsync(string subscription, int limit, long? before, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(limit is >= 1 and <= 200, true, nameof(limit));
        return _deadLetters.ListAsync(subscription, limit, before, cancellationToken);
    }

    /// <inheritdoc />
    public Task<bool> ResolveDeadLetterAsync(string subscription, long sequence, bool discard, CancellationToken cancellationToken) =>
        _deadLetters.ResolveAsync(subscription, sequence, discard, cancellationToken);

    /// <inheritdoc />
    public async Task<bool> PauseAsync(string subscription, string by, CancellationToken cancellationToken)
    {
        if (!await SwitchAsync(subscription, new SubscriptionPause(by, time.GetUtcNow()), cancellationToken))
            return false;
        // Consumers poll. They must have stopped before anything is published after the pause.
        await Task.Delay(tools.Options.PausePoll + PauseSlack, time, cancellationToken);
        return true;
    }

    /// <inheritdoc />
    public Task<bool> ResumeAsync(string subscription, CancellationToken cancellationToken) => SwitchAsync(subscription, pause: null, cancellationToken);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _deadLetters.DisposeAsync();

    private async Task<bool> SwitchAsync(string subscription, SubscriptionPause? pause, CancellationToken cancellationToken)
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

        await switches.SetAsync(subscription, pause, cancellationToken);
        return true;
    }

    private async Task<IReadOnlyList<SubscriptionStatus>> CountAsync(
        SubscriptionAdministration administration, IReadOnlyDictionary<string, SubscriptionPause> paused, CancellationToken cancellationToken)
    {
        // The service does not report scheduled messages per subscription: each gets the topic's count.
        var scheduled = await administration.CountScheduledAsync(cancellationToken);
        var counts = await administration.CountAsync(cancellationToken);
        return await Task.WhenAll(counts.Select(async one =>
        {
            var oldest = one.ActiveMessageCount > 0 ? await PeekFirstAsync(one.SubscriptionName, cancellationToken) : null;
            return new SubscriptionStatus(one.SubscriptionName, one.ActiveMessageCount, 0, scheduled, one.DeadLetterMessageCount,
                PublishedAt(oldest)) { Pause = paused.GetValueOrDefault(one.SubscriptionName), ScheduledIsOfTopic = true };
        }));
    }

    private async Task<SubscriptionStatus?> PeekCountsAsync(string name, IReadOnlyDictionary<string, SubscriptionPause> paused, CancellationToken cancellationToken)
    {
        try
        {
            await using var receiver = client.CreateReceiver(ImageEventTypes.Topic, name);
            var active = await receiver.PeekMessagesAsync(PeekLimit, fromSequenceNumber: 0, cancellationToken);
            await using var deadLetterQueue = _deadLetters.OpenReceiver(name);
            var dead = await deadLetterQueue.PeekMessagesAsync(PeekLimit, fromSequenceNumber: 0, cancellationToken);
            return new SubscriptionStatus(name, active.Count, 0, 0, dead.Count, PublishedAt(active.Count > 0 ? active[0] : null)) { Pause = paused.GetValueOrDefault(name) };
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
}
