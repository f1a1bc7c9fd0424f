using System.Diagnostics;
using ImageAspire.Core.Diagnostics;
using ImageAspire.Core.Failpoints;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Stores;
using ImageAspire.Core.Webhooks;

namespace ImageAspire.Worker.Webhooks;

/// <summary>Tries a delivery and decides how it goes on: delivered, again later, or given up.</summary>
internal sealed partial class DeliveryRunner(
    WebhookClient client, IWebhookStore webhooks, IWebhookDeliveries deliveries, WebhookOptions options, ILogger<DeliveryRunner> logger)
{
    private const int Gone = 410;
    private readonly RetrySchedule _schedule = new(options.Tries, options.RetryWindow);

    /// <summary>Runs it; whether the receiver took it.</summary>
    public async Task<bool> RunAsync(Webhook webhook, ClaimedDelivery claim, CancellationToken cancellationToken)
    {
        var delivery = claim.Delivery;
        using var span = StartSpan(webhook, delivery);
        Failpoint.Hit(FailpointNames.DeliverClaimed);
        var attempt = await client.SendAsync(webhook, delivery, cancellationToken);
        Failpoint.Hit(FailpointNames.DeliverAnswered);
        var taken = attempt.Status is >= 200 and < 300;
        var wait = taken || !webhook.Enabled || attempt.Status == Gone ? null : _schedule.After(attempt.Number);
        var state = taken ? DeliveryState.Delivered : wait is null ? DeliveryState.Failed : DeliveryState.Pending;
        Tell(span, attempt, state);
        // First the webhook: a crash in between sends this delivery once more, and its answer disables again.
        if (attempt.Status == Gone)
            await DisableAsync(webhook.Id, cancellationToken);
        var retryAt = wait is { } pause ? attempt.At.AddMilliseconds(attempt.DurationMs) + pause : (DateTimeOffset?)null;
        if (!await deliveries.RecordAsync(claim, attempt, state, retryAt, cancellationToken))
            LogLeaseLost(logger, delivery.Id, webhook.Id);
        else if (state == DeliveryState.Failed)
            LogGivenUp(logger, delivery.Id, webhook.Id, attempt.Number, attempt.Status, attempt.Error);
        Failpoint.Hit(FailpointNames.DeliverRecorded);
        return taken;
    }

    private async Task DisableAsync(Guid id, CancellationToken cancellationToken)
    {
        await webhooks.ChangeAsync(id, one => one.Enabled ? one.Disable("The receiver answered 410 Gone.") : one, cancellationToken);
        LogDisabled(logger, id);
    }

    private static Activity? StartSpan(Webhook webhook, WebhookDelivery delivery)
    {
        ActivityContext.TryParse(delivery.TraceParent, null, isRemote: true, out var parent);
        var span = Telemetry.Source.StartActivity("DeliverWebhook", ActivityKind.Internal, parent);
        span?.SetTag("imageaspire.webhook.id", webhook.Id.ToString("D"));
        span?.SetTag("imageaspire.webhook.delivery.id", delivery.Id.ToString("D"));
        span?.SetTag(Spans.DeliveryCount, delivery.Tries + 1);
        return span.About(delivery.ImageId);
    }

    private static void Tell(Activity? span, DeliveryAttempt attempt, DeliveryState state)
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

    [LoggerMessage(LogLevel.Information, "Delivery {DeliveryId} to webhook {WebhookId} took longer than its lease, or was deleted; its result is not kept.")]
    private static partial void LogLeaseLost(ILogger logger, Guid deliveryId, Guid webhookId);
}
