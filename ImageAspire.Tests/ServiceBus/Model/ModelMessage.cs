using ImageAspire.ServiceBusEmulator.Broker;

namespace ImageAspire.Tests.ServiceBus.Model;

/// <summary>What is sent.</summary>
internal sealed record ModelContent(string Id, string? Session, bool IsRed, TimeSpan? TimeToLive, DateTimeOffset? Due);

/// <summary>A message as the model has it.</summary>
internal sealed class ModelMessage(ModelContent content, long sequence, long enqueueSequence, DateTimeOffset enqueuedAt)
{
    public ModelContent Content => content;

    public long Sequence => sequence;

    public long EnqueueSequence => enqueueSequence;

    public DateTimeOffset EnqueuedAt => enqueuedAt;

    public DateTimeOffset ExpiresAt { get; init; } = DateTimeOffset.MaxValue;

    public string? Source { get; init; }

    public MessageState State { get; set; }

    public int Deliveries { get; set; }

    /// <summary>What receivers, and the reasons of dead letters, have set on it.</summary>
    public Dictionary<string, object?> Properties { get; init; } = [];

    public Guid Lock { get; set; }

    public DateTimeOffset LockedUntil { get; set; }

    public bool IsLocked => Lock != Guid.Empty;

    public bool IsReady => State == MessageState.Active && !IsLocked;

    /// <summary>Whether the broker shows it as it is.</summary>
    public bool IsShownBy(MessageSnapshot shown) => shown.Sequence == sequence && shown.EnqueueSequence == enqueueSequence && shown.Content.MessageId == content.Id
        && shown.Content.SessionId == content.Session && shown.EnqueuedAt == enqueuedAt && shown.Deliveries == Deliveries && shown.State == State && shown.Lock == Lock
        && (!IsLocked || shown.LockedUntil == LockedUntil) && shown.Source == Source;

    public override string ToString() => Describe(sequence, enqueueSequence, content.Id, content.Session, enqueuedAt, Deliveries, State, Lock, LockedUntil, Source);

    public static string Describe(MessageSnapshot shown) => Describe(shown.Sequence, shown.EnqueueSequence, shown.Content.MessageId, shown.Content.SessionId, shown.EnqueuedAt, shown.Deliveries,
        shown.State, shown.Lock, shown.LockedUntil, shown.Source);

    private static string Describe(long sequence, long enqueueSequence, string id, string? session, DateTimeOffset enqueuedAt, int deliveries, MessageState state, Guid token, DateTimeOffset until, string? source) =>
        $"#{sequence} (of {enqueueSequence}) id {id} session {session ?? "-"} at {enqueuedAt:HH:mm:ss.fff} deliveries {deliveries} {state} from {source ?? "-"}"
        + (token == Guid.Empty ? "" : $" locked {token} until {until:HH:mm:ss.fff}");
}

/// <summary>A session as the model has it.</summary>
internal sealed class ModelSession
{
    public ModelConsumer? Owner { get; set; }

    public DateTimeOffset LockedUntil { get; set; }

    public byte[]? State { get; set; }
}
