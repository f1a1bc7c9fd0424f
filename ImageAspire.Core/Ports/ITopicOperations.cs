using ImageAspire.Core.Events;

namespace ImageAspire.Core.Ports;

/// <summary>What operators do with the topic's durable subscriptions: look, pause, and decide about dead letters.</summary>
public interface ITopicOperations
{
    /// <summary>Asks the topic for something small; throws when it does not answer.</summary>
    Task ProbeAsync(CancellationToken cancellationToken);

    /// <summary>Counts of every subscription of the topic that is durable.</summary>
    Task<IReadOnlyList<SubscriptionStatus>> GetStatusAsync(CancellationToken cancellationToken);

    /// <summary>Dead letters of a subscription, newest first; none when there is no such subscription.</summary>
    /// <param name="subscription">Name.</param>
    /// <param name="limit">At most so many, 1–200.</param>
    /// <param name="before">Only with a smaller <see cref="DeadLetter.Sequence"/>, for paging; null for the newest.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    Task<IReadOnlyList<DeadLetter>> ListDeadLettersAsync(string subscription, int limit, long? before, CancellationToken cancellationToken);

    /// <summary>
    /// Puts a dead letter back into its subscription (with a delivery count of zero) or drops it; false when it is no longer there.
    /// Of several callers exactly one gets true.
    /// </summary>
    /// <param name="subscription">Name.</param>
    /// <param name="sequence">Position of the message in the topic.</param>
    /// <param name="discard">True to drop it for good.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<bool> ResolveDeadLetterAsync(string subscription, long sequence, bool discard, CancellationToken cancellationToken);

    /// <summary>
    /// Pauses a subscription in every process; the state survives restarts. While paused it collects messages and delivers none; running handlers
    /// finish. Saying it twice changes nothing: the first pause stands.
    /// </summary>
    /// <param name="subscription">Name.</param>
    /// <param name="by">Name of the operator's key.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False when there is no such subscription.</returns>
    Task<bool> PauseAsync(string subscription, string by, CancellationToken cancellationToken);

    /// <summary>Ends a pause in every process, within a second. Without one nothing changes.</summary>
    /// <param name="subscription">Name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False when there is no such subscription.</returns>
    Task<bool> ResumeAsync(string subscription, CancellationToken cancellationToken);
}

/// <summary>Counts of one subscription.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Active">Ready to be delivered.</param>
/// <param name="InFlight">Delivered and locked.</param>
/// <param name="Scheduled">Waiting for their time.</param>
/// <param name="DeadLettered">In the dead-letter queue.</param>
/// <param name="OldestActiveAt">When the oldest active message was published.</param>
public sealed record SubscriptionStatus(string Name, long Active, long InFlight, long Scheduled, long DeadLettered, DateTimeOffset? OldestActiveAt)
{
    /// <summary>The pause, while it collects messages and delivers none; null when it delivers.</summary>
    public SubscriptionPause? Pause { get; init; }

    /// <summary>When the oldest message that is scheduled for its next attempt was published; null when none is, or when the topic does not say.</summary>
    public DateTimeOffset? OldestScheduledAt { get; init; }

    /// <summary>When the first of the scheduled messages is due; null when none is, or when the topic does not say.</summary>
    public DateTimeOffset? NextDueAt { get; init; }

    /// <summary>Whether <see cref="Scheduled"/> is the number of all subscriptions together, because the topic does not say whose they are.</summary>
    public bool ScheduledIsOfTopic { get; init; }
}

/// <summary>A pause.</summary>
/// <param name="By">Name of the operator's key; null of a pause that is older than these names.</param>
/// <param name="At">Since when, UTC; null of such a one.</param>
public sealed record SubscriptionPause(string? By, DateTimeOffset? At);

/// <summary>A message that is not delivered again unless an operator retries it.</summary>
/// <param name="Subscription">Its subscription.</param>
/// <param name="Sequence">Position in the topic.</param>
/// <param name="Event">The event; null when the body cannot be read.</param>
/// <param name="Reason">Short stable reason.</param>
/// <param name="Description">For people.</param>
/// <param name="DeliveryCount">How often it was delivered.</param>
/// <param name="DeadLetteredAt">When, UTC.</param>
public sealed record DeadLetter(
    string Subscription, long Sequence, ImageEvent? Event, string Reason, string Description, int DeliveryCount, DateTimeOffset DeadLetteredAt);
