using System.Runtime.CompilerServices;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Webhooks;

namespace ImageAspire.Worker.Webhooks;

/// <summary>What is to be sent now: claims of deliveries that are due, as many as there are lanes for them.</summary>
internal sealed class DueDeliveries(IWebhookStore webhooks, IWebhookDeliveries deliveries, WebhookOptions options)
{
    private readonly DeliveryConcurrencyLimiter _lanes = new(options.Concurrency, options.ConcurrencyPerWebhook);
    private uint _turn;

    // Room for the store beside the try itself.
    private TimeSpan Lease => options.Timeout + TimeSpan.FromSeconds(20);

    /// <summary>Claims what is due, webhook by webhook. Each claim takes a lane until <see cref="Release"/>.</summary>
    public async IAsyncEnumerable<(Webhook Webhook, ClaimedDelivery Claim)> TakeAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var all = await webhooks.ListAsync(cancellationToken);
        _lanes.Forget(all.Select(one => one.Id));
        var first = _turn++; // when lanes are short, another one is first each time
        for (var i = 0; i < all.Count; i++)
        {
            var webhook = all[(int)((first + (uint)i) % (uint)all.Count)];
            if (_lanes.Free(webhook.Id) is not (> 0 and var free))
                continue;
            foreach (var claim in await deliveries.ClaimAsync(webhook.Id, free, Lease, cancellationToken))
            {
                _lanes.Take(webhook.Id);
                yield return (webhook, claim);
            }
        }
    }

    /// <summary>The delivery is on its way no longer.</summary>
    public void Release(Guid webhookId, bool succeeded) => _lanes.Release(webhookId, succeeded);
}
