using ImageAspire.Core.Errors;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Webhooks;

namespace ImageAspire.Core.Stores;

/// <summary>Read, decide, write with the expected version; after a concurrent change, read and decide again.</summary>
public static class WebhookUpdates
{
    private const int MaxRounds = 20;

    /// <summary>Changes a webhook.</summary>
    /// <param name="store">The store.</param>
    /// <param name="id">The webhook.</param>
    /// <param name="decide">The webhook as it is to be, with its version one higher; the same object for no change.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The webhook as it now is; null when there is none.</returns>
    /// <exception cref="RetryLaterException">Concurrent changes never end.</exception>
    public static async Task<Webhook?> ChangeAsync(this IWebhookStore store, Guid id, Func<Webhook, Webhook> decide, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(decide);
        for (var round = 0; round < MaxRounds; round++)
        {
            if (await store.GetAsync(id, cancellationToken) is not { } before)
                return null;
            var after = decide(before);
            if (ReferenceEquals(before, after) || await store.ReplaceAsync(after, cancellationToken))
                return after;
        }

        throw new RetryLaterException($"Webhook {id} is being changed concurrently; retry.") { Fault = new Fault(FaultCauses.Conflict) };
    }
}
