using ImageAspire.Core.Events;

namespace ImageAspire.Core.Ports;

/// <summary>A topic with subscriptions: at-least-once, peek-lock, dead-letter queues. The words are Azure Service Bus's.</summary>
public interface IEventBus
{
    /// <summary>
    /// Publishes events; when it returns they are durable. An event whose id was published in the last ten minutes is dropped (duplicate detection).
    /// Only an event of a record that changes goes through <see cref="IImageCatalog.CommitAsync"/> instead.
    /// </summary>
    /// <param name="events">The events, at most 1,000.</param>
    /// <param name="notBefore">Scheduled delivery: not delivered before this time; null for at once.</param>
    /// <param name="cancellationToken">Ends the wait; the events may be published nevertheless.</param>
    Task PublishAsync(IReadOnlyList<ImageEvent> events, DateTimeOffset? notBefore, CancellationToken cancellationToken);

    /// <summary>
    /// Delivers messages of a subscription to a handler until disposed; disposing stops new deliveries and waits for the handlers that run.
    /// A lock is renewed while its handler runs. A handler that throws is a retry at once, counted.
    /// A durable subscription is created when missing and keeps its messages while it has no consumer; consumers of the same name compete.
    /// </summary>
    Task<IAsyncDisposable> SubscribeAsync(SubscriptionOptions options, MessageHandler handler, CancellationToken cancellationToken);
}

/// <summary>Handles one message. The token ends when the lock is lost or the subscription is being closed for good.</summary>
public delegate Task<MessageOutcome> MessageHandler(ReceivedMessage message, CancellationToken cancellationToken);

/// <summary>A subscription.</summary>
/// <param name="Name">Its name, lower-case letters, digits and hyphens; of an instance subscription, a prefix.</param>
public sealed record SubscriptionOptions(string Name)
{
    /// <summary>Only events of these types (a filter on the message's <c>type</c>); null for every type.</summary>
    public IReadOnlyList<string>? Types { get; init; }

    /// <summary>Only events of this image (a filter on the message's <c>subject</c>); null for every image.</summary>
    public Guid? Subject { get; init; }

    /// <summary>How many handlers may run at once in this process.</summary>
    public int Concurrency { get; init; } = 1;

    /// <summary>Peek-lock duration; renewed while the handler runs.</summary>
    public TimeSpan LockDuration { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>After so many deliveries a message is dead-lettered by the bus itself.</summary>
    public int MaxDeliveryCount { get; init; } = 10;

    /// <summary>
    /// True: this instance's own subscription. It sees what is published from now on, each event once, in order;
    /// it vanishes with the instance. Outcomes other than complete are not possible.
    /// </summary>
    public bool IsInstance { get; init; }
}

/// <summary>One delivery.</summary>
/// <param name="Event">The event.</param>
/// <param name="DeliveryCount">1 the first time.</param>
/// <param name="EnqueuedAt">When it was published, UTC.</param>
/// <param name="Sequence">Position in the topic; grows.</param>
public sealed record ReceivedMessage(ImageEvent Event, int DeliveryCount, DateTimeOffset EnqueuedAt, long Sequence);

/// <summary>What the bus does with a message after its handler.</summary>
public abstract record MessageOutcome
{
    private MessageOutcome()
    {
    }

    /// <summary>Done; the message goes.</summary>
    public static readonly MessageOutcome Completed = new Complete();

    /// <summary>Done.</summary>
    public sealed record Complete : MessageOutcome;

    /// <summary>Deliver again later.</summary>
    /// <param name="Delay">Not before so long from now.</param>
    /// <param name="Counted">False when the message is not to blame (a dependency is down): this delivery is taken off the delivery count.</param>
    public sealed record RetryAfter(TimeSpan Delay, bool Counted = true) : MessageOutcome;

    /// <summary>Not delivered again unless an operator retries it.</summary>
    /// <param name="Reason">Short stable reason.</param>
    /// <param name="Description">For people.</param>
    public sealed record DeadLetter(string Reason, string Description) : MessageOutcome;
}
