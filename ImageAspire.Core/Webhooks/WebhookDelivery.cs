namespace ImageAspire.Core.Webhooks;

/// <summary>Where a delivery stands.</summary>
public enum DeliveryState
{
    /// <summary>Waits for its first or next try.</summary>
    Pending,

    /// <summary>The receiver answered 2xx.</summary>
    Delivered,

    /// <summary>Given up.</summary>
    Failed,
}

/// <summary>One event for one webhook, with the log of its tries.</summary>
public sealed record WebhookDelivery
{
    /// <summary>At most so many tries are kept, the last ones.</summary>
    public const int MostAttempts = 24;

    /// <summary>How long a delivery is remembered after its last try; an event that comes once more after that is sent again.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromDays(30);

    /// <summary>UUIDv7; the <c>webhook-id</c> of every try.</summary>
    public required Guid Id { get; init; }

    /// <summary>The webhook that it is for.</summary>
    public required Guid WebhookId { get; init; }

    /// <summary>Of which event; a webhook has at most one delivery of an event.</summary>
    public required Guid EventId { get; init; }

    /// <summary>The event's type.</summary>
    public required string Type { get; init; }

    /// <summary>The image; null of a test.</summary>
    public Guid? ImageId { get; init; }

    /// <summary>The image's trace.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The CloudEvent in JSON, exactly as it is sent.</summary>
    public required string Body { get; init; }

    /// <summary>When it was enqueued, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Where it stands.</summary>
    public DeliveryState State { get; init; }

    /// <summary>Attempts since it was enqueued, or since an operator sent it again.</summary>
    public int Tries { get; init; }

    /// <summary>When it is tried next, UTC; while it is being sent, when another sender may take it over; null when it is at its end.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>The tries, oldest first.</summary>
    public IReadOnlyList<DeliveryAttempt> Attempts { get; init; } = [];
}

/// <summary>One try.</summary>
public sealed record DeliveryAttempt
{
    /// <summary>1 for the first since the delivery was enqueued or asked for again.</summary>
    public required int Number { get; init; }

    /// <summary>When it began, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>How long it took, in milliseconds.</summary>
    public required long DurationMs { get; init; }

    /// <summary>The HTTP status; null when there was no answer.</summary>
    public int? Status { get; init; }

    /// <summary>Stable code of what went wrong, for example <c>timeout</c>; null when the status says it.</summary>
    public string? Error { get; init; }

    /// <summary>The same for people.</summary>
    public string? Detail { get; init; }

    /// <summary>The first KiB of the answer's body, as text.</summary>
    public string? Answer { get; init; }
}

/// <summary>Codes of <see cref="DeliveryAttempt.Error"/>.</summary>
public static class DeliveryErrors
{
    /// <summary>No answer in time.</summary>
    public const string Timeout = "timeout";

    /// <summary>No connection, or it broke.</summary>
    public const string Connection = "connection-failed";

    /// <summary>The name leads to an address that is not public.</summary>
    public const string AddressRefused = "address-refused";

    /// <summary>The receiver answered with a redirect.</summary>
    public const string Redirect = "redirect-not-followed";

    /// <summary>Nothing was sent, because the webhook is disabled.</summary>
    public const string Disabled = "webhook-disabled";
}
