using ImageAspire.Core.Ports;
using ImageAspire.Core.Webhooks;

namespace ImageAspire.Api.Webhooks;

/// <summary>Webhooks.</summary>
/// <param name="Items">Oldest first, at most 100.</param>
public sealed record WebhookList(IReadOnlyList<WebhookAnswer> Items);

/// <summary>A webhook.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Url">Where events are sent.</param>
/// <param name="Types">Which events.</param>
/// <param name="Enabled">False: nothing is sent.</param>
/// <param name="DisabledReason">Why, when it was disabled automatically.</param>
/// <param name="CreatedAt">When it was made, UTC.</param>
/// <param name="CreatedBy">Name of the key that made it.</param>
/// <param name="PreviousSecretUntil">Until when the secret before the last rotation signs too, UTC.</param>
/// <param name="Secret">The signing secret; only in the answer that makes it.</param>
/// <param name="Last">The last try of its ten newest deliveries; only in the list, and absent before the first try.</param>
public sealed record WebhookAnswer(
    Guid Id, string Url, IReadOnlyList<string> Types, bool Enabled, string? DisabledReason, DateTimeOffset CreatedAt, string CreatedBy,
    DateTimeOffset? PreviousSecretUntil, string? Secret, WebhookTry? Last = null)
{
    internal static WebhookAnswer Of(Webhook webhook, DateTimeOffset now, bool withSecret = false) => new(
        webhook.Id, webhook.Url, webhook.Types, webhook.Enabled, webhook.DisabledReason, webhook.CreatedAt, webhook.CreatedBy,
        webhook.PreviousSecretUntil > now ? webhook.PreviousSecretUntil : null, withSecret ? webhook.Secret : null);
}

/// <summary>What came of a try.</summary>
/// <param name="At">When it began, UTC.</param>
/// <param name="Type">The event's type.</param>
/// <param name="State">Of the delivery: pending (it is tried again), delivered or failed (given up).</param>
/// <param name="Status">The HTTP status; absent when there was no answer.</param>
/// <param name="Error">Stable code of what went wrong; absent when the status says it.</param>
/// <param name="Detail">The same for people.</param>
/// <param name="NextAttemptAt">When it is tried next, UTC.</param>
public sealed record WebhookTry(DateTimeOffset At, string Type, string State, int? Status, string? Error, string? Detail, DateTimeOffset? NextAttemptAt)
{
    internal static WebhookTry? LastOf(IEnumerable<WebhookDelivery> deliveries) => deliveries
        .SelectMany(one => one.Attempts.TakeLast(1).Select(attempt => (Delivery: one, Attempt: attempt))).OrderByDescending(one => one.Attempt.At)
        .Select(one => new WebhookTry(one.Attempt.At, one.Delivery.Type, DeliveryAnswer.Of(one.Delivery).State, one.Attempt.Status, one.Attempt.Error, one.Attempt.Detail, one.Delivery.NextAttemptAt))
        .FirstOrDefault();
}

/// <summary>One page of a webhook's deliveries.</summary>
/// <param name="Items">Newest first.</param>
/// <param name="Next">Opaque cursor; absent at the end.</param>
public sealed record DeliveryList(IReadOnlyList<DeliveryAnswer> Items, string? Next)
{
    internal static DeliveryList Of(DeliveryPage page) => new([.. page.Items.Select(DeliveryAnswer.Of)], page.Next);
}

/// <summary>One event for one webhook.</summary>
/// <param name="Id">Its id; the header <c>webhook-id</c> of every try.</param>
/// <param name="EventId">The event.</param>
/// <param name="Type">Its type.</param>
/// <param name="ImageId">The image; absent of a test.</param>
/// <param name="State">pending, delivered or failed.</param>
/// <param name="CreatedAt">When it was enqueued, UTC.</param>
/// <param name="NextAttemptAt">When it is tried next, UTC; while it is being sent, when it would be taken over.</param>
/// <param name="Attempts">The tries, oldest first, at most the last 24.</param>
public sealed record DeliveryAnswer(
    Guid Id, Guid EventId, string Type, Guid? ImageId, string State, DateTimeOffset CreatedAt, DateTimeOffset? NextAttemptAt, IReadOnlyList<DeliveryAttempt> Attempts)
{
    internal static DeliveryAnswer Of(WebhookDelivery one) => new(one.Id, one.EventId, one.Type, one.ImageId, one.State switch
    {
        DeliveryState.Pending => "pending", DeliveryState.Delivered => "delivered", _ => "failed",
    }, one.CreatedAt, one.NextAttemptAt, one.Attempts);
}

/// <summary>A test delivery was enqueued.</summary>
/// <param name="DeliveryId">Its entry in the delivery log.</param>
public sealed record TestAnswer(Guid DeliveryId);
