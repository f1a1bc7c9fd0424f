using ImageAspire.Core.Alarms;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Webhooks;

namespace ImageAspire.Api.Alarms;

/// <summary>Tells the webhooks that asked for it that an alarm is raised, and that it is over. Saying it twice changes nothing: a webhook gets each event once.</summary>
internal sealed class AlarmAnnouncer(IWebhookStore webhooks, IWebhookDeliveries deliveries, DeliverySignal signal, TimeProvider time)
{
    /// <summary>Enqueues what is to be said; when it returns it is durable.</summary>
    public async Task AnnounceAsync(IReadOnlyList<Alarm> alarms, CancellationToken cancellationToken)
    {
        var receivers = (await webhooks.ListAsync(cancellationToken)).Where(one => one.Wants(WebhookDeliveries.AlarmType)).ToList();
        if (receivers.Count == 0)
            return;
        foreach (var alarm in alarms)
        {
            await EnqueueAsync(alarm, ended: false, receivers, cancellationToken);
            if (!alarm.IsOpen)
                await EnqueueAsync(alarm, ended: true, receivers, cancellationToken);
        }

        signal.Set();
    }

    // Not to webhooks that were made later: what was raised before they asked is no news.
    private Task EnqueueAsync(Alarm alarm, bool ended, IReadOnlyList<Webhook> receivers, CancellationToken cancellationToken)
    {
        var at = ended ? alarm.EndedAt!.Value : alarm.RaisedAt;
        List<WebhookDelivery> wanted = [.. receivers.Where(one => one.CreatedAt <= at).Select(one => WebhookDeliveries.Of(alarm, ended, one, time.GetUtcNow()))];
        return wanted.Count == 0 ? Task.CompletedTask : deliveries.EnqueueAsync(wanted, cancellationToken);
    }
}
