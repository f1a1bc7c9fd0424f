using System.Diagnostics;
using ImageAspire.Core.Diagnostics;
using ImageAspire.Core.Failpoints;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Stores;
using ImageAspire.Core.Webhooks;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Webhooks;

/// <summary>Makes one attempt of a delivery and records the result: delivered, retried later, or failed.</summary>
internal sealed partial class DeliveryExecutor(
    WebhookClient client, IWebhookStore webhooks, IWebhookDeliveries deliveries, WebhookOptions options, ILogger<DeliveryExecutor> logger)
{
    private const int Gone = 410;
    private readonly RetrySchedule _schedule = new(options.Tries, options.RetryWindow);

    /// <returns>Whether the receiver accepted it.</returns>
    public async Task<bool> ExecuteAsync(Webhook webhook, ClaimedDelivery claim, CancellationToken cancellationToken)
    {
        var delivery = claim.Delivery;
        using var span = StartSpan(webhook, delivery);
        Failpoint.Hit(FailpointNames.DeliverClaimed);
        var attempt = await client.SendAsync(webhook, delivery, cancellationToken);
        Failpoint.Hit(FailpointNames.DeliverAnswered);
        var accepted = attempt.Status is >= 200 and < 300;
        var wait = accepted || !webhook.Enabled || attempt.Status == Gone ? null : _schedule.After(attempt.Number);
        var state = accepted ? DeliveryState.Delivered : wait is null ? DeliveryState.Failed : DeliveryState.Pending;
        RecordTelemetry(span, attempt, state);
        // The webhook first: after a crash in between, the delivery is sent once more and disables the webhook again.
        if (attempt.Status == Gone)
            await DisableAsync(webhook.Id, cancellationToken);
        if (!await deliveries.RecordAsync(claim, attempt, state, wait, cancellationToken))
            LogLeaseLost(logger, delivery.Id, webhook.Id);
        else if (state == DeliveryState.Failed)
            LogGivenUp(logger, delivery.Id, webhook.Id, attempt.Number, attempt.Status, attempt.Error);
        Failpoint.Hit(FailpointNames.DeliverRecorded);
        return accepted;
    }

    private async Task DisableAsync(Guid id, CancellationToken cancellationToken)
    {
        await webhooks.ChangeAsync(id, one => one.Enabled ? one.Disable("The receiver answered 410 Gone.") : one, cancellationToken);
        LogDisabled(logger, id);
    }

    private static Activity? StartSpan(Webhook webhook, WebhookDelivery delivery)
    {
        _ = ActivityContext.TryParse(delivery.TraceParent, null, isRemote: true, out var parent);
        var span = Telemetry.Source.StartActivity("DeliverWebhook", ActivityKind.Internal, parent);
        span?.SetTag("imageaspire.webhook.id", webhook.Id.ToString("D"));
        span?.SetTag("imageaspire.webhook.delivery.id", delivery.Id.ToString("D"));
        span?.SetTag(Spans.DeliveryCount, delivery.Tries + 1);
        return span.About(delivery.ImageId);
    }

    private static void RecordTelemetry(Activity? span, DeliveryAttempt attempt, DeliveryState state)
    {
        if (attempt.Status is { } status)
            span?.SetTag("http.response.status_code", status);
        if (state != DeliveryState.Delivered)
            span?.SetStatus(ActivityStatusCode.Error, attempt.Detail ?? $"The receiver answered {attempt.Status}.");
        Telemetry.WebhookAttempts.Add(1, new KeyValuePair<string, object?>("outcome", state switch
        {
            DeliveryState.Delivered => "delivered", DeliveryState.Pending => "retry", _ => "failed",
        }));
    }

    [LoggerMessage(LogLevel.Warning, "Delivery {DeliveryId} to webhook {WebhookId} is given up after {Tries} tries (status {Status}, {Error}).")]
    private static partial void LogGivenUp(ILogger logger, Guid deliveryId, Guid webhookId, int tries, int? status, string? error);

    [LoggerMessage(LogLevel.Warning, "Webhook {WebhookId} answered 410 Gone and is disabled.")]
    private static partial void LogDisabled(ILogger logger, Guid webhookId);

    [LoggerMessage(LogLevel.Information, "Delivery {DeliveryId} to webhook {WebhookId} took longer than its lease, or was deleted; its result is discarded.")]
    private static partial void LogLeaseLost(ILogger logger, Guid deliveryId, Guid webhookId);
}
