using ImageAspire.ServiceBusEmulator.Messages;

namespace ImageAspire.ServiceBusEmulator.Broker;

/// <summary>As the protocol numbers them.</summary>
internal enum MessageState { Active = 0, Deferred = 1, Scheduled = 2 }

/// <summary>A message in one queue. Changed under the broker's lock only.</summary>
internal sealed class QueuedMessage(long sequence, MessageContent content)
{
    public static IComparer<QueuedMessage> BySequence { get; } = Comparer<QueuedMessage>.Create((a, b) => a.Sequence.CompareTo(b.Sequence));

    public long Sequence => sequence;

    public MessageContent Content { get; set; } = content;

    public MessageState State { get; set; }

    /// <summary>Deliveries that came to nothing.</summary>
    public int Deliveries { get; set; }

    public DateTimeOffset EnqueuedAt { get; init; }

    public DateTimeOffset ExpiresAt { get; init; } = DateTimeOffset.MaxValue;

    /// <summary>Its sequence number where it was sent: of the topic, or of the queue that forwarded it.</summary>
    public long EnqueueSequence { get; init; }

    /// <summary>The entity that dead-lettered it.</summary>
    public string? Source { get; init; }

    /// <summary>The token of its lock; empty when it is not locked.</summary>
    public Guid Lock { get; set; }

    public DateTimeOffset LockedUntil { get; set; }

    public bool IsLocked => Lock != Guid.Empty;

    /// <summary>What a receiver gets of it now.</summary>
    public MessageSnapshot Snapshot() => new(Content, sequence, EnqueueSequence, EnqueuedAt, Deliveries, State, Lock, LockedUntil, Source);
}

/// <summary>A message as it was at one moment; its lock is empty when it was not locked.</summary>
internal sealed record MessageSnapshot(
    MessageContent Content, long Sequence, long EnqueueSequence, DateTimeOffset EnqueuedAt, int Deliveries, MessageState State,
    Guid Lock, DateTimeOffset LockedUntil, string? Source);
