namespace ImageAspire.ServiceBusEmulator.Store;

/// <summary>A message as it is kept. Times are UTC ticks.</summary>
/// <param name="Queue">The queue's number.</param>
/// <param name="Sequence">Its place in the queue.</param>
/// <param name="Content">The encoded message.</param>
/// <param name="State">The number of its state.</param>
/// <param name="Deliveries">Deliveries that came to nothing.</param>
/// <param name="EnqueuedAt">When it came.</param>
/// <param name="EnqueueSequence">Its sequence number where it was sent.</param>
/// <param name="Source">The entity that dead-lettered it, if one did.</param>
internal sealed record StoredMessage(
    long Queue, long Sequence, byte[] Content, int State, int Deliveries, long EnqueuedAt, long EnqueueSequence, string? Source);

/// <summary>A queue, topic or subscription.</summary>
/// <param name="Number">Its number; that of its dead-letter queue is one higher.</param>
/// <param name="Kind">The number of its kind.</param>
/// <param name="Path">Its path.</param>
/// <param name="Settings">Settings and rules, as JSON.</param>
internal sealed record StoredEntity(long Number, int Kind, string Path, string Settings);

/// <summary>The state of a session.</summary>
internal sealed record StoredSession(long Queue, string Session, byte[] State);

/// <summary>A message id that duplicate detection remembers until a time (UTC ticks).</summary>
internal sealed record StoredDuplicate(long Queue, string MessageId, long Until);

/// <summary>All that is kept.</summary>
/// <param name="Entities">By number.</param>
/// <param name="Messages">By queue and sequence.</param>
/// <param name="Sessions">Those that have a state.</param>
/// <param name="Duplicates">By the time until which they hold.</param>
/// <param name="Reserved">For each queue the sequence number up to which numbers may have been given away.</param>
internal sealed record StoredState(
    IReadOnlyList<StoredEntity> Entities, IEnumerable<StoredMessage> Messages, IReadOnlyList<StoredSession> Sessions,
    IReadOnlyList<StoredDuplicate> Duplicates, IReadOnlyDictionary<long, long> Reserved);
