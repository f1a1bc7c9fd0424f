using System.Text.RegularExpressions;
using Azure.Messaging.ServiceBus;
using ImageAspire.Core.Events;
using ImageAspire.Core.Ports;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ImageAspire.Azure.Topic;

/// <summary>The topic on Azure Service Bus. One client, one sender and one connection for the whole process.</summary>
internal sealed partial class ServiceBusEventBus(
    ServiceBusClient client, ServiceBusTools tools, PauseMonitor pauses, TimeProvider time, ILogger<ServiceBusEventBus> logger) : IEventBus, IAsyncDisposable
{
    private readonly ServiceBusSender _sender = client.CreateSender(ImageEventTypes.Topic);

    /// <inheritdoc />
    public async Task PublishAsync(IReadOnlyList<ImageEvent> events, DateTimeOffset? notBefore, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(events);
        var waiting = new Queue<ServiceBusMessage>(events.Select(e => ServiceBusMessages.Of(e, notBefore)));
        try
        {
            while (waiting.Count > 0)
            {
                using var batch = await _sender.CreateMessageBatchAsync(cancellationToken);
                while (waiting.TryPeek(out var next) && batch.TryAddMessage(next))
                    waiting.Dequeue();
                if (batch.Count == 0)
                    throw new ServiceBusException($"Event {waiting.Peek().MessageId} is larger than a message may be.", ServiceBusFailureReason.MessageSizeExceeded);
                await _sender.SendMessagesAsync(batch, cancellationToken);
            }
        }
        catch (Exception error) when (ServiceBusErrors.IsOfService(error))
        {
            throw ServiceBusErrors.Unavailable(error);
        }
    }

    /// <inheritdoc />
    public async Task<IAsyncDisposable> SubscribeAsync(SubscriptionOptions options, MessageHandler handler, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(handler);
        if (!Name().IsMatch(options.Name))
            throw new ArgumentException($"'{options.Name}' is not a subscription's name: lower-case letters, digits and hyphens, at most 50.", nameof(options));
        if (options.IsInstance)
        {
            return await InstanceSubscription.StartAsync(
                client, tools.Administration, tools.Options.LiveSubscription, options, handler, time, logger, cancellationToken);
        }

        await CheckAsync(options, cancellationToken);
        var subscription = new DurableSubscription(client, options, handler, new Settlement(_sender, options, time, logger), pauses, logger);
        try
        {
            await pauses.AddAsync(subscription, cancellationToken);
            return subscription;
        }
        catch
        {
            await subscription.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _sender.DisposeAsync();

    // A missing declaration of a subscription is a configuration error and fails at startup.
    private async Task CheckAsync(SubscriptionOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await using var receiver = client.CreateReceiver(ImageEventTypes.Topic, options.Name);
            await receiver.PeekMessageAsync(fromSequenceNumber: 0, cancellationToken);
            if (tools.Administration is { } administration)
                await administration.TryAddMissingRulesAsync(options, cancellationToken);
        }
        catch (ServiceBusException error) when (error.Reason == ServiceBusFailureReason.MessagingEntityNotFound)
        {
            if (tools.Administration is null)
                throw new InvalidOperationException($"Topic '{ImageEventTypes.Topic}' has no subscription '{options.Name}'. The AppHost declares it; run it, or deploy again.", error);
            await tools.Administration.EnsureAsync(options, cancellationToken);
        }
        catch (Exception error) when (ServiceBusErrors.IsOfService(error))
        {
            throw ServiceBusErrors.Unavailable(error);
        }
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{0,49}\z")]
    private static partial Regex Name();
}

/// <summary>What the adapters of Service Bus share in addition to the client.</summary>
/// <param name="options">Settings.</param>
/// <param name="administration">Null where there is no administration API.</param>
internal sealed class ServiceBusTools(IOptions<MessagingOptions> options, SubscriptionAdministration? administration)
{
    public MessagingOptions Options => options.Value;

    public SubscriptionAdministration? Administration => administration;
}
