using ImageAspire.Core.Paging;
using ImageAspire.Core.Webhooks;

namespace ImageAspire.Core.Ports;

/// <summary>The webhooks. They and their deliveries are in a store of their own.</summary>
public interface IWebhookStore
{
    /// <summary>Adds a webhook; false when there are <see cref="Webhook.Most"/>. Callers that add at the same moment may exceed that by their number.</summary>
    Task<bool> AddAsync(Webhook webhook, CancellationToken cancellationToken);

    /// <summary>All, oldest first.</summary>
    Task<IReadOnlyList<Webhook>> ListAsync(CancellationToken cancellationToken);

    /// <summary>One; null when there is none.</summary>
    Task<Webhook?> GetAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Replaces the version before; false when that is not the stored one, or it was deleted.</summary>
    Task<bool> ReplaceAsync(Webhook after, CancellationToken cancellationToken);

    /// <summary>Removes a webhook with its deliveries; false when there is none.</summary>
    Task<bool> DeleteAsync(Guid id, CancellationToken cancellationToken);
}

/// <summary>What is to be sent to webhooks, and what came of it.</summary>
public interface IWebhookDeliveries
{
    /// <summary>Adds deliveries that are due at once; when it returns they are durable. One whose webhook has a delivery of the same event is ignored.</summary>
    /// <param name="deliveries">At most <see cref="Webhook.Most"/>.</param>
    /// <param name="cancellationToken">Ends the wait; they may be stored nevertheless.</param>
    Task EnqueueAsync(IReadOnlyList<WebhookDelivery> deliveries, CancellationToken cancellationToken);

    /// <summary>Takes deliveries of a webhook that are due, the longest due first, for a time. Of several callers one gets each.</summary>
    /// <param name="webhookId">The webhook.</param>
    /// <param name="most">At most so many, 1–100.</param>
    /// <param name="lease">After this time without <see cref="RecordAsync"/> it is due again.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<ClaimedDelivery>> ClaimAsync(Guid webhookId, int most, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Writes an attempt into the log, ends the claim and schedules what follows; false when the claim had expired and another sender has it, or the delivery was deleted.</summary>
    /// <param name="claim">What was claimed.</param>
    /// <param name="attempt">The try.</param>
    /// <param name="retryAfter">How long from now the next try is, with <see cref="DeliveryState.Pending"/>; else null.</param>
    /// <param name="state">How it stands now.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<bool> RecordAsync(ClaimedDelivery claim, DeliveryAttempt attempt, DeliveryState state, TimeSpan? retryAfter, CancellationToken cancellationToken);

    /// <summary>Makes a delivery due now, with all its tries before it, whatever its state; one that is being sent is left to that. False when there is none.</summary>
    Task<bool> RequeueAsync(Guid webhookId, Guid deliveryId, CancellationToken cancellationToken);

    /// <summary>One page of a webhook's deliveries, newest first.</summary>
    /// <param name="webhookId">The webhook.</param>
    /// <param name="limit">How many, 1–200.</param>
    /// <param name="cursor"><see cref="DeliveryPage.Next"/> of the page before.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    /// <exception cref="InvalidCursorException">The cursor is not one of this list.</exception>
    Task<DeliveryPage> ListAsync(Guid webhookId, int limit, string? cursor, CancellationToken cancellationToken);
}

/// <summary>A delivery that no other sender sends while the claim lasts.</summary>
/// <param name="Delivery">The delivery.</param>
/// <param name="Lease">Which claim this is.</param>
public sealed record ClaimedDelivery(WebhookDelivery Delivery, Guid Lease);

/// <summary>One page.</summary>
/// <param name="Items">Deliveries.</param>
/// <param name="Next">Opaque cursor; null at the end.</param>
public sealed record DeliveryPage(IReadOnlyList<WebhookDelivery> Items, string? Next);
