using System.Collections.Concurrent;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Webhooks;

namespace ImageAspire.Worker.Webhooks;

/// <summary>Takes deliveries that are due and has them sent, in every worker: a claim makes each the work of one.</summary>
internal sealed partial class WebhookSender(
    DueDeliveries due, DeliveryExecutor runner, DeliverySignal signal, WebhookOptions options, ILogger<WebhookSender> logger) : BackgroundService
{
    private readonly ConcurrentDictionary<(Guid Delivery, Guid Lease), Task> _running = []; // no more than lanes

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await LookAsync(stoppingToken);
                await signal.WaitAsync(options.Poll, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Nothing new; what is on its way comes to its end, which is soon: every try has a limit.
        }

        await Task.WhenAll(_running.Values);
    }

    private async Task LookAsync(CancellationToken stopping)
    {
        try
        {
            await foreach (var (webhook, claim) in due.TakeAsync(stopping))
                Start(webhook, claim);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            LogStoreFailed(logger, error);
        }
    }

    private void Start(Webhook webhook, ClaimedDelivery claim)
    {
        var begin = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _running[(claim.Delivery.Id, claim.Lease)] = SendAsync(begin.Task, webhook, claim);
        begin.SetResult(); // after it is listed, or its end could come before
    }

    private async Task SendAsync(Task begin, Webhook webhook, ClaimedDelivery claim)
    {
        await begin;
        var taken = false;
        try
        {
            taken = await runner.RunAsync(webhook, claim, CancellationToken.None);
        }
        catch (Exception error)
        {
            LogNotRecorded(logger, claim.Delivery.Id, webhook.Id, error);
        }
        finally
        {
            due.Release(webhook.Id, taken);
            _running.TryRemove((claim.Delivery.Id, claim.Lease), out _);
            signal.Ring(); // there may be more for this webhook
        }
    }

    [LoggerMessage(LogLevel.Warning, "The store of webhooks does not answer; the sender asks again.")]
    private static partial void LogStoreFailed(ILogger logger, Exception error);

    [LoggerMessage(LogLevel.Error, "Delivery {DeliveryId} to webhook {WebhookId} could not be finished; it is due again when its lease ends.")]
    private static partial void LogNotRecorded(ILogger logger, Guid deliveryId, Guid webhookId, Exception error);
}
