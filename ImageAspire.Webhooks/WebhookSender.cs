using System.Collections.Concurrent;
using ImageAspire.Core.Errors;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Webhooks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Webhooks;

/// <summary>Sends due deliveries, while it is this process's turn. It runs in every Worker and every Api; a claim assigns each delivery to one of them.</summary>
internal sealed partial class WebhookSender(
    DueDeliveries due, DeliveryExecutor executor, DeliverySignal signal, SenderTurn turn, WebhookOptions options, ILogger<WebhookSender> logger) : BackgroundService
{
    private readonly ConcurrentDictionary<(Guid Delivery, Guid Lease), Task> _running = []; // no more than permits

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                if (turn())
                    await SendDueAsync(stoppingToken);
                await signal.WaitAsync(options.Poll, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // No new deliveries; those in flight end soon, because every attempt has a time limit.
        }

        await Task.WhenAll(_running.Values);
    }

    private async Task SendDueAsync(CancellationToken stopping)
    {
        try
        {
            await foreach (var (webhook, claim) in due.ClaimAsync(stopping))
                Start(webhook, claim);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            LogStoreFailed(logger, error is StoreUnavailableException ? LogLevel.Debug : LogLevel.Warning, error);
        }
    }

    private void Start(Webhook webhook, ClaimedDelivery claim)
    {
        var begin = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _running[(claim.Delivery.Id, claim.Lease)] = SendAsync(begin.Task, webhook, claim);
        begin.SetResult(); // after it is listed, because it removes itself at the end
    }

    private async Task SendAsync(Task begin, Webhook webhook, ClaimedDelivery claim)
    {
        await begin;
        var accepted = false;
        try
        {
            accepted = await executor.ExecuteAsync(webhook, claim, CancellationToken.None);
        }
        catch (Exception error)
        {
            LogNotRecorded(logger, claim.Delivery.Id, webhook.Id, error);
        }
        finally
        {
            due.Release(webhook.Id, accepted);
            _running.TryRemove((claim.Delivery.Id, claim.Lease), out _);
            signal.Set(); // there may be more for this webhook
        }
    }

    // Not a warning while a store is away: the health check logs that once, and this would repeat it at every turn.
    [LoggerMessage("The store of webhooks does not answer; the sender asks again.")]
    private static partial void LogStoreFailed(ILogger logger, LogLevel level, Exception error);

    [LoggerMessage(LogLevel.Error, "Delivery {DeliveryId} to webhook {WebhookId} could not be finished; it is due again when its lease ends.")]
    private static partial void LogNotRecorded(ILogger logger, Guid deliveryId, Guid webhookId, Exception error);
}
