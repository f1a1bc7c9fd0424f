namespace ImageAspire.ServiceBusEmulator.Store;

/// <summary>One change of what is kept.</summary>
internal abstract record StoreChange
{
    internal sealed record Put(StoredMessage Message) : StoreChange;

    /// <summary>State and deliveries of a message; its content stays.</summary>
    internal sealed record Update(long Queue, long Sequence, int State, int Deliveries) : StoreChange;

    internal sealed record Remove(long Queue, long Sequence) : StoreChange;

    internal sealed record PutEntity(StoredEntity Entity) : StoreChange;

    /// <summary>An entity, its dead-letter queue, and all that is in them.</summary>
    internal sealed record RemoveEntity(long Number) : StoreChange;

    /// <summary>The state of a session; null removes it.</summary>
    internal sealed record PutSession(long Queue, string Session, byte[]? State) : StoreChange;

    internal sealed record PutDuplicate(StoredDuplicate Duplicate) : StoreChange;

    /// <summary>Message ids whose time has passed.</summary>
    internal sealed record RemoveDuplicates(long Queue, long Until) : StoreChange;

    /// <summary>Sequence numbers up to this one may be given away.</summary>
    internal sealed record Reserve(long Queue, long Sequence) : StoreChange;
}

/// <summary>Changes that are kept together or not at all.</summary>
/// <param name="Ticket">Its place in the order of all batches, from 1.</param>
/// <param name="Changes">In order.</param>
internal sealed record StoreBatch(long Ticket, IReadOnlyList<StoreChange> Changes);
