using System.Runtime.CompilerServices;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Webhooks;

namespace ImageAspire.Webhooks;

/// <summary>Claims the deliveries that are due, as many as there are permits for.</summary>
internal sealed class DueDeliveries(IWebhookStore webhooks, IWebhookDeliveries deliveries, WebhookOptions options)
{
    private readonly DeliveryConcurrencyLimiter _limiter = new(options.Concurrency, options.ConcurrencyPerWebhook);
    private uint _round;

    // Time for the store besides the attempt itself.
    private TimeSpan Lease => options.Timeout + TimeSpan.FromSeconds(20);

    /// <summary>Claims webhook by webhook. Each claim holds a permit until <see cref="Release"/>.</summary>
    public async IAsyncEnumerable<(Webhook Webhook, ClaimedDelivery Claim)> ClaimAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var all = await webhooks.ListAsync(cancellationToken);
        _limiter.KeepOnly(all.Select(one => one.Id));
        var first = _round++; // so that a shortage of permits does not always hit the same webhooks
        for (var i = 0; i < all.Count; i++)
        {
            var webhook = all[(int)((first + (uint)i) % (uint)all.Count)];
            if (_limiter.Available(webhook.Id) is not (> 0 and var available))
                continue;
            foreach (var claim in await deliveries.ClaimAsync(webhook.Id, available, Lease, cancellationToken))
            {
                _limiter.Acquire(webhook.Id);
                yield return (webhook, claim);
            }
        }
    }

    /// <summary>Returns the permit of a delivery.</summary>
    public void Release(Guid webhookId, bool succeeded) => _limiter.Release(webhookId, succeeded);
}
