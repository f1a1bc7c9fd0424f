using System.Diagnostics;
using ImageAspire.Core.Events;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Webhooks;

namespace ImageAspire.Core.Pipeline;

/// <summary>
/// What subscribers want to know → a delivery for each webhook that asked for it. Sending is the sender's job, so that a
/// receiver that hangs holds up no message; an event that comes twice is enqueued once.
/// </summary>
public sealed class NotifySubscribers(IWebhookStore webhooks, IWebhookDeliveries deliveries, DeliverySignal signal, TimeProvider time) : IStage
{
    /// <inheritdoc />
    public async Task ExecuteAsync(ImageEvent e, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var trace = Activity.Current?.Id ?? e.TraceParent; // sending is a part of this stage's work, whenever it is done
        List<WebhookDelivery> wanted = [.. (await webhooks.ListAsync(cancellationToken)).Where(one => one.Wants(e.Type))
            .Select(one => WebhookDeliveries.Of(e, one, now) with { TraceParent = trace })];
        if (wanted.Count == 0)
            return;
        await deliveries.EnqueueAsync(wanted, cancellationToken);
        signal.Set();
    }
}
