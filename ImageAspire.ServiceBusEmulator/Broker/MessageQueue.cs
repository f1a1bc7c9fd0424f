using ImageAspire.ServiceBusEmulator.Messages;
using ImageAspire.ServiceBusEmulator.Store;

namespace ImageAspire.ServiceBusEmulator.Broker;

/// <summary>
/// The messages of a queue or a subscription, those of a dead-letter queue, or those that a topic has scheduled.
/// All members are called under the broker's lock.
/// </summary>
internal sealed partial class MessageQueue : IWakeable, IHandOver
{
    private readonly QueueContext _context;
    private readonly Entity _entity;
    private readonly MessageQueue? _deadLetters;
    private readonly MessageSet _messages = new();
    private readonly Dictionary<Guid, QueuedMessage> _locked = [];
    private readonly Deadlines _lockEnds, _schedule, _expiry;
    private readonly DuplicateHistory _duplicates;
    private readonly SequenceNumbers _sequence;
    private readonly PlainReadyMessages? _plain;
    private readonly SessionReadyMessages? _sessions;

    /// <param name="context">What all queues share.</param>
    /// <param name="number">Its number in the store.</param>
    /// <param name="path">Its path.</param>
    /// <param name="entity">Whose messages these are.</param>
    /// <param name="deadLetters">Where its dead letters go; null if it is a dead-letter queue or a topic's.</param>
    public MessageQueue(QueueContext context, long number, string path, Entity entity, MessageQueue? deadLetters)
    {
        (_context, Number, Path, _entity, _deadLetters) = (context, number, path, entity, deadLetters);
        (_lockEnds, _schedule, _expiry) = (new(context.WakeUps, this), new(context.WakeUps, this), new(context.WakeUps, this));
        (_duplicates, _sequence) = (new(context.Journal, number), new(context.Journal, number));
        if (deadLetters is not null && entity.Settings.RequiresSession)
            _sessions = new SessionReadyMessages(context, this, this, () => entity.Settings.LockDuration);
        else
            _plain = new PlainReadyMessages(this);
    }

    public long Number { get; }

    public string Path { get; }

    public Entity Entity => _entity;

    /// <summary>For a topic: who takes what is sent to it.</summary>
    public Action<MessageContent, long>? Publish { get; init; }

    public bool RequiresSession => _sessions is not null;

    public bool HasConsumers => _plain?.HasConsumers ?? _sessions!.HasConsumers;

    public long Bytes => _messages.Bytes;

    /// <summary>Messages in a state. Locked ones are counted among the active ones.</summary>
    public long CountOf(MessageState state) => _messages.CountOf(state);

    private EntitySettings Settings => _entity.Settings;

    private IReadyMessages Ready => (IReadyMessages?)_plain ?? _sessions!;

    private bool IsDeadLetterQueue => _deadLetters is null && Publish is null;

    /// <summary>Whether a sender may send this message.</summary>
    /// <exception cref="BrokerException">It may not.</exception>
    public void Check(MessageContent content)
    {
        if (IsDeadLetterQueue)
            throw new BrokerException(BrokerError.NotAllowed, $"Nothing can be sent to '{Path}'.");
        if (!Settings.CanSend)
            throw new BrokerException(BrokerError.Disabled, $"The entity '{Path}' does not take messages now: its status is {Settings.Status}.");
        if (RequiresSession && content.SessionId is null)
            throw new BrokerException(BrokerError.NotAllowed, $"The entity '{Path}' requires sessions, and the message has no session id.");
        if (content.SessionId?.Length > 128 || content.MessageId.Length > 128)
            throw new BrokerException(BrokerError.Invalid, "A message id or a session id has at most 128 characters.");
        if ((_entity as Topic)?.Bytes + content.Encoded.Length > Limit || Bytes + (_deadLetters?.Bytes ?? 0) + content.Encoded.Length > Limit)
            throw new BrokerException(BrokerError.Full, $"The entity '{Path}' is full: {Settings.MaxSizeInMegabytes} MB.");
    }

    /// <summary>Takes a message that a sender sent, and that was checked.</summary>
    /// <returns>Its sequence number; 0 for a repeated one, which is dropped.</returns>
    public long Send(MessageContent content)
    {
        _entity.Touch();
        if (Settings.RequiresDuplicateDetection && !_duplicates.TryAdd(content.MessageId, _context.Now, Settings.DuplicateWindow))
            return 0;
        return content.ScheduledFor is { } due && due > _context.Now ? Schedule(content, due) : Arrive(content, null);
    }

    /// <summary>Takes a message in now: keeps it, publishes it or forwards it.</summary>
    public long Arrive(MessageContent content, long? enqueueSequence)
    {
        var sequence = _sequence.Next();
        if (Publish is not null)
            Publish(content, sequence);
        else if (Settings.ForwardTo is { Length: > 0 } target && !IsDeadLetterQueue)
            Forward(target, content, sequence);
        else
            Keep(New(sequence, content, enqueueSequence), isNew: true);
        return sequence;
    }

    /// <summary>Takes a message in as a dead letter.</summary>
    public void ArriveAsDeadLetter(MessageContent content, long? enqueueSequence, string reason, string description) =>
        _deadLetters!.Bring(New(_sequence.Next(), Explained(content, reason, description, null), enqueueSequence), Path);

    /// <summary>Removes a scheduled message.</summary>
    public bool Cancel(long sequence)
    {
        if (_messages.Find(sequence) is not { State: MessageState.Scheduled } message)
            return false;
        _schedule.Remove(message.Content.ScheduledFor!.Value, sequence);
        Remove(message);
        return true;
    }

    public List<MessageSnapshot> Peek(long from, int count, string? session) =>
        [.. _messages.From(from).Where(message => session is null || message.Content.SessionId == session).Take(count).Select(message => message.Snapshot())];

    private long Limit => Settings.MaxSizeInMegabytes * 1024L * 1024L;

    private QueuedMessage New(long sequence, MessageContent content, long? enqueueSequence)
    {
        var now = _context.Now;
        var expires = EntitySettings.After(now, content.TimeToLive < Settings.TimeToLive ? content.TimeToLive.Value : Settings.TimeToLive);
        return new QueuedMessage(sequence, content) { EnqueuedAt = now, ExpiresAt = IsDeadLetterQueue ? DateTimeOffset.MaxValue : expires, EnqueueSequence = enqueueSequence ?? sequence };
    }

    private long Schedule(MessageContent content, DateTimeOffset due)
    {
        var sequence = _sequence.Next();
        var message = new QueuedMessage(sequence, content) { EnqueuedAt = _context.Now, State = MessageState.Scheduled, EnqueueSequence = sequence };
        _messages.Add(message);
        Record(message);
        _schedule.Add(due, sequence);
        return sequence;
    }

    private void Forward(string target, MessageContent content, long sequence)
    {
        try
        {
            _context.Forwarder.Forward(target, content, sequence);
        }
        catch (BrokerException error)
        {
            ArriveAsDeadLetter(content, sequence, "AutoForwardingFailed", $"To '{target}': {error.Message}");
        }
    }

    private void Keep(QueuedMessage message, bool isNew)
    {
        _messages.Add(message);
        if (isNew)
            Record(message);
        if (message.State == MessageState.Scheduled)
            _schedule.Add(message.Content.ScheduledFor ?? _context.Now, message.Sequence);
        else
            MakeAvailable(message);
        Ready.Dispatch();
    }

    private void Record(QueuedMessage m) => _context.Journal.Record(new StoreChange.Put(
        new StoredMessage(Number, m.Sequence, m.Content.Encoded, (int)m.State, m.Deliveries, m.EnqueuedAt.UtcTicks, m.EnqueueSequence, m.Source)));

    private void MakeAvailable(QueuedMessage message)
    {
        _expiry.Add(message.ExpiresAt, message.Sequence);
        if (message.State == MessageState.Active)
            Ready.Add(message);
    }

    private void Remove(QueuedMessage message)
    {
        Unlock(message);
        _expiry.Remove(message.ExpiresAt, message.Sequence);
        _messages.Remove(message);
        _context.Journal.Record(new StoreChange.Remove(Number, message.Sequence));
    }
}
