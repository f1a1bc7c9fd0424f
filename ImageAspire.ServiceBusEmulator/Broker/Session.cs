namespace ImageAspire.ServiceBusEmulator.Broker;

/// <summary>A session of a queue: its messages go to the one consumer that has locked it.</summary>
internal sealed class Session(string id, long number)
{
    public string Id => id;

    /// <summary>A number for its deadlines.</summary>
    public long Number => number;

    public SortedSet<QueuedMessage> Ready { get; } = new(QueuedMessage.BySequence);

    public HashSet<QueuedMessage> Locked { get; } = [];

    /// <summary>Its place among those that are free and have messages.</summary>
    public LinkedListNode<Session>? Place { get; set; }

    public IConsumer? Owner { get; set; }

    public DateTimeOffset LockedUntil { get; set; }

    /// <summary>What its consumers keep with it.</summary>
    public byte[]? State { get; set; }

    public bool IsEmpty => Owner is null && State is null && Ready.Count == 0 && Locked.Count == 0;
}

/// <summary>Someone who waits for a session.</summary>
/// <param name="SessionId">The one that is asked for; null for the next one that has messages.</param>
/// <param name="Consumer">Who will own it.</param>
/// <param name="Granted">Completed with the session's id and the end of its lock.</param>
internal sealed record SessionRequest(string? SessionId, IConsumer Consumer, TaskCompletionSource<SessionGrant> Granted);

/// <summary>A locked session.</summary>
internal sealed record SessionGrant(string SessionId, DateTimeOffset LockedUntil);
