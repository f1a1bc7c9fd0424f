using Azure.Messaging.ServiceBus;
using ImageAspire.Core.Events;
using ImageAspire.Core.Ports;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Azure.Topic;

/// <summary>This process's consumer of a durable subscription: peek-lock, with locks renewed while handlers run. Can be paused.</summary>
internal sealed partial class DurableSubscription : IAsyncDisposable
{
    // Longer than any stage: a handler ends by its stage's time limit, not by the lock.
    private static readonly TimeSpan RenewFor = TimeSpan.FromDays(1);
    private readonly SubscriptionOptions _options;
    private readonly ServiceBusProcessor _processor;
    private readonly MessageHandler _handler;
    private readonly Settlement _settlement;
    private readonly PauseMonitor _pauses;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _switching = new(1, 1);
    private bool _disposed;

    public DurableSubscription(ServiceBusClient client, SubscriptionOptions options, MessageHandler handler, Settlement settlement, PauseMonitor pauses, ILogger logger)
    {
        (_options, _handler, _settlement, _pauses, _logger) = (options, handler, settlement, pauses, logger);
        _processor = client.CreateProcessor(ImageEventTypes.Topic, options.Name, new ServiceBusProcessorOptions
        {
            AutoCompleteMessages = false, MaxConcurrentCalls = options.Concurrency, MaxAutoLockRenewalDuration = RenewFor, PrefetchCount = 0,
        });
        _processor.ProcessMessageAsync += OnMessageAsync;
        _processor.ProcessErrorAsync += OnErrorAsync;
    }

    /// <summary>Its name.</summary>
    public string Name => _options.Name;

    /// <summary>Starts or stops deliveries. Stopping waits for the handlers that run.</summary>
    public async Task SwitchAsync(bool on, CancellationToken cancellationToken)
    {
        await _switching.WaitAsync(cancellationToken);
        try
        {
            if (_disposed || _processor.IsProcessing == on)
                return;
            LogSwitched(_logger, Name, on ? "delivering" : "paused");
            await (on ? _processor.StartProcessingAsync(cancellationToken) : _processor.StopProcessingAsync(cancellationToken));
        }
        finally
        {
            _switching.Release();
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _pauses.Remove(this);
        await _switching.WaitAsync(CancellationToken.None);
        try
        {
            if (_disposed)
                return;
            _disposed = true;
            await _processor.DisposeAsync(); // stops receiving, and waits for the handlers that run
        }
        finally
        {
            _switching.Release();
        }
    }

    // The token of the arguments is cancelled as soon as the processor stops. A handler may finish then, so its token is cancelled only when
    // the lock is lost.
    private async Task OnMessageAsync(ProcessMessageEventArgs args)
    {
        using var lockLost = new CancellationTokenSource();
        Task OnLockLost(MessageLockLostEventArgs lost) => lockLost.CancelAsync();
        args.MessageLockLostAsync += OnLockLost;
        try
        {
            await _settlement.SettleAsync(args, await HandleAsync(args.Message, lockLost.Token));
        }
        finally
        {
            args.MessageLockLostAsync -= OnLockLost;
        }
    }

    private async Task<MessageOutcome> HandleAsync(ServiceBusReceivedMessage message, CancellationToken lockLost)
    {
        ReceivedMessage delivery;
        try
        {
            delivery = ServiceBusMessages.Read(message);
        }
        catch (FormatException error)
        {
            LogUnreadable(_logger, Name, message.MessageId, error);
            return new MessageOutcome.DeadLetter("UnreadableMessage", error.Message);
        }

        // A consumer that dies does not settle, and the service counts deliveries of each copy separately.
        if (delivery.DeliveryCount > _options.MaxDeliveryCount)
            return new MessageOutcome.DeadLetter(Settlement.TooManyDeliveries, $"Delivered {delivery.DeliveryCount - 1} times and never completed.");
        try
        {
            return await _handler(delivery, lockLost);
        }
        catch (Exception error)
        {
            LogThrew(_logger, Name, message.MessageId, delivery.DeliveryCount, error);
            return delivery.DeliveryCount >= _options.MaxDeliveryCount
                ? new MessageOutcome.DeadLetter(Settlement.TooManyDeliveries, $"The handler failed {delivery.DeliveryCount} times; the last error: {error.Message}")
                : new MessageOutcome.RetryAfter(TimeSpan.Zero);
        }
    }

    private Task OnErrorAsync(ProcessErrorEventArgs args)
    {
        LogProcessor(_logger, Name, args.ErrorSource, ServiceBusErrors.Explain(args.Exception), args.Exception);
        return Task.CompletedTask;
    }

    [LoggerMessage(LogLevel.Information, "{Subscription}: {State}.")]
    private static partial void LogSwitched(ILogger logger, string subscription, string state);

    [LoggerMessage(LogLevel.Error, "{Subscription}: message {MessageId} cannot be read; it is dead-lettered.")]
    private static partial void LogUnreadable(ILogger logger, string subscription, string messageId, Exception error);

    [LoggerMessage(LogLevel.Error, "{Subscription}: the handler of message {MessageId} threw at delivery {DeliveryCount}.")]
    private static partial void LogThrew(ILogger logger, string subscription, string messageId, int deliveryCount, Exception error);

    [LoggerMessage(LogLevel.Warning, "{Subscription}: {Source}: {Explanation}")]
    private static partial void LogProcessor(ILogger logger, string subscription, ServiceBusErrorSource source, string explanation, Exception error);
}
