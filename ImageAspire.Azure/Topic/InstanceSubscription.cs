using System.Text.RegularExpressions;
using Azure.Messaging.ServiceBus;
using ImageAspire.Core.Events;
using ImageAspire.Core.Ports;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Azure.Topic;

/// <summary>
/// A subscription of this instance alone, from now on: one message at a time, in order, each once. Messages are removed when they are
/// received: those that are lost with the instance matter to no other.
/// </summary>
internal sealed partial class InstanceSubscription : IAsyncDisposable
{
    private readonly ServiceBusProcessor _processor;
    private readonly SubscriptionAdministration? _administration;
    private readonly SubscriptionOptions _options;
    private readonly string _entity;
    private readonly MessageHandler _handler;
    private readonly DateTimeOffset? _since;
    private readonly ILogger _logger;
    private bool _disposed;

    private InstanceSubscription(
        ServiceBusClient client, SubscriptionAdministration? administration, string entity, SubscriptionOptions options,
        MessageHandler handler, DateTimeOffset? since, ILogger logger)
    {
        (_administration, _entity, _options, _handler, _since, _logger) = (administration, entity, options, handler, since, logger);
        _processor = client.CreateProcessor(ImageEventTypes.Topic, entity, new ServiceBusProcessorOptions
        {
            ReceiveMode = ServiceBusReceiveMode.ReceiveAndDelete, AutoCompleteMessages = false, MaxConcurrentCalls = 1, PrefetchCount = 100,
        });
        _processor.ProcessMessageAsync += OnMessageAsync;
        _processor.ProcessErrorAsync += OnErrorAsync;
    }

    /// <summary>Whether a name is that of an instance subscription.</summary>
    public static bool IsName(string name) => InstanceName().IsMatch(name);

    /// <summary>Creates the subscription and starts it; without an administration API it uses the shared one.</summary>
    public static async Task<InstanceSubscription> StartAsync(
        ServiceBusClient client, SubscriptionAdministration? administration, string? shared, SubscriptionOptions options,
        MessageHandler handler, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        if (shared is not null)
        {
            administration = null;
        }
        else if (administration is null)
        {
            throw new InvalidOperationException(
                $"This Service Bus has no administration API, so instance subscriptions cannot be created. Name a shared one in {MessagingOptions.Section}:{nameof(MessagingOptions.LiveSubscription)}.");
        }

        var entity = shared ?? $"{options.Name[..Math.Min(options.Name.Length, 37)]}-{Guid.NewGuid():N}"[..(Math.Min(options.Name.Length, 37) + 13)]; // at most 50 characters
        if (administration is not null)
            await administration.CreateInstanceAsync(entity, options, cancellationToken);
        // A shared subscription may have older messages. An own one cannot, and the clocks of both sides may differ.
        DateTimeOffset? since = shared is null ? null : time.GetUtcNow();
        var subscription = new InstanceSubscription(client, administration, entity, options, handler, since, logger);
        await subscription._processor.StartProcessingAsync(cancellationToken);
        return subscription;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        _disposed = true;
        await _processor.DisposeAsync();
        if (_administration is null)
            return;
        try
        {
            await _administration.DeleteAsync(_entity, CancellationToken.None);
        }
        catch (Exception error) when (ServiceBusErrors.IsOfService(error))
        {
            LogNotDeleted(_logger, _entity, error); // the service removes it later
        }
    }

    private async Task OnMessageAsync(ProcessMessageEventArgs args)
    {
        // A redelivery is for one durable subscription.
        if (args.Message.EnqueuedTime < _since || args.Message.Subject == ServiceBusMessages.RedeliverySubject)
            return;
        try
        {
            var delivery = ServiceBusMessages.Read(args.Message);
            if (_options.Types?.Contains(delivery.Event.Type) != false && (_options.Subject ?? delivery.Event.ImageId) == delivery.Event.ImageId)
                await _handler(delivery, args.CancellationToken);
        }
        catch (OperationCanceledException) when (args.CancellationToken.IsCancellationRequested)
        {
            // The instance stops.
        }
        catch (Exception error)
        {
            LogFailed(_logger, _entity, args.Message.MessageId, error);
        }
    }

    private async Task OnErrorAsync(ProcessErrorEventArgs args)
    {
        LogProcessor(_logger, _entity, ServiceBusErrors.Explain(args.Exception), args.Exception);
        // After five minutes without a connection the service removes it; the processor continues once it exists again.
        if (args.Exception is not ServiceBusException { Reason: ServiceBusFailureReason.MessagingEntityNotFound } || _administration is null || _disposed)
            return;
        try
        {
            await _administration.CreateInstanceAsync(_entity, _options, args.CancellationToken);
        }
        catch (Exception error) when (ServiceBusErrors.IsOfService(error))
        {
            LogProcessor(_logger, _entity, ServiceBusErrors.Explain(error), error); // the processor retries and reports the error again
        }
    }

    [GeneratedRegex(@"-[0-9a-f]{12}\z")]
    private static partial Regex InstanceName();

    [LoggerMessage(LogLevel.Error, "{Subscription}: message {MessageId} could not be handled; the next message follows.")]
    private static partial void LogFailed(ILogger logger, string subscription, string messageId, Exception error);

    [LoggerMessage(LogLevel.Warning, "{Subscription}: {Explanation}")]
    private static partial void LogProcessor(ILogger logger, string subscription, string explanation, Exception error);

    [LoggerMessage(LogLevel.Information, "Subscription {Subscription} could not be removed; the service removes it after five idle minutes.")]
    private static partial void LogNotDeleted(ILogger logger, string subscription, Exception error);
}
