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
internal sealed class ServiceBusOperations(
    ServiceBusClient client, ServiceBusTools tools, IPauseSwitches switches, TimeProvider time, ILogger<ServiceBusOperations> logger)
    : ITopicOperations, IAsyncDisposable
{
    /// <summary>So many messages of a queue are looked at when there is no administration API.</summary>
    public const int LookAt = 250;

    // For the look itself, and for stopping.
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
                : [.. (await Task.WhenAll(StageCatalog.Subscriptions.Select(one => LookAsync(one.Name, paused, cancellationToken)))).OfType<SubscriptionStatus>()];
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
        // Consumers look from time to time. What is published after a pause must find them stopped.
        if (paused)
            await Task.Delay(tools.Options.PausePoll + PauseSlack, time, cancellationToken);
        return true;
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _deadLetters.DisposeAsync();

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
            await using var graveyard = _deadLetters.Of(name);
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
}
