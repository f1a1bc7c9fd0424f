using ImageAspire.ServiceBusEmulator.Messages;
using ImageAspire.ServiceBusEmulator.Store;

namespace ImageAspire.ServiceBusEmulator.Broker;

/// <summary>Locks, and what receivers do with what they have locked.</summary>
internal sealed partial class MessageQueue
{
    /// <summary>Whether a lock still holds.</summary>
    public bool IsLocked(Guid token) => _locked.ContainsKey(token);

    /// <summary>Settles a message.</summary>
    /// <returns>False when the lock is lost.</returns>
    public bool Settle(Guid token, Settlement settlement)
    {
        _entity.Touch();
        if (!_locked.TryGetValue(token, out var message))
            return false;
        if (settlement is Settlement.DeadLetter && _deadLetters is null)
            throw new BrokerException(BrokerError.NotAllowed, "A dead letter cannot be dead-lettered again.");
        switch (settlement)
        {
            case Settlement.Complete:
                Remove(message);
                break;
            case Settlement.DeadLetter dead:
                MoveToDeadLetters(message, dead.Reason, dead.Description, settlement.Changes);
                break;
            case Settlement.Defer:
                Apply(message, settlement.Changes, MessageState.Deferred, message.Deliveries);
                Unlock(message);
                MakeAvailable(message);
                break;
            default:
                GiveBack(message, settlement is Settlement.Abandon, settlement.Changes);
                break;
        }

        Clean(message);
        Ready.Dispatch();
        return true;
    }

    /// <summary>Extends a lock.</summary>
    /// <returns>Until when it holds; null when it is lost.</returns>
    public DateTimeOffset? Renew(Guid token)
    {
        if (!_locked.TryGetValue(token, out var message))
            return null;
        if (_sessions is null)
        {
            _lockEnds.Remove(message.LockedUntil, message.Sequence);
            message.LockedUntil = _context.Now + Settings.LockDuration;
            _lockEnds.Add(message.LockedUntil, message.Sequence);
        }

        return message.LockedUntil;
    }

    /// <summary>Locks deferred messages, or takes them for good.</summary>
    /// <exception cref="BrokerException">One of them is not there.</exception>
    public List<MessageSnapshot> TakeDeferred(IReadOnlyList<long> sequences, bool takeForGood)
    {
        _entity.Touch();
        var messages = sequences.Distinct().Select(sequence => _messages.Find(sequence) is { State: MessageState.Deferred, IsLocked: false } message ? message
            : throw new BrokerException(BrokerError.MessageNotFound, $"There is no deferred message with sequence number {sequence}, or another receiver has it.")).ToList();
        var sessions = messages.ConvertAll(SessionOf);
        var taken = new List<MessageSnapshot>();
        for (var i = 0; i < messages.Count; i++)
        {
            if (takeForGood)
                Remove(messages[i]);
            else
                LockFor(messages[i], sessions[i]);
            taken.Add(messages[i].Snapshot());
        }

        return taken;
    }

    /// <summary>Removes up to so many messages that were enqueued before a time and are not locked.</summary>
    /// <returns>How many were removed.</returns>
    public int Delete(int count, DateTimeOffset before)
    {
        var messages = _messages.From(0).Where(message => message is { IsLocked: false, State: MessageState.Active } && message.EnqueuedAt < before).Take(count).ToList();
        foreach (var message in messages)
        {
            Ready.Remove(message);
            Remove(message);
        }

        return messages.Count;
    }

    public void HandOver(IConsumer consumer, QueuedMessage message, Session? session)
    {
        if (consumer.TakesForGood)
        {
            Remove(message);
            var taken = message.Snapshot();
            _context.Journal.AfterCommit(() => consumer.Deliver(taken));
            return;
        }

        LockFor(message, session);
        var delivery = message.Snapshot();
        _context.Journal.AfterCommit(() =>
        {
            if (!consumer.Deliver(delivery))
                _context.Journal.Run(() => Settle(delivery.Lock, new Settlement.Release()));
        });
    }

    private void LockFor(QueuedMessage message, Session? session)
    {
        message.Lock = Guid.NewGuid();
        message.LockedUntil = session?.LockedUntil ?? _context.Now + Settings.LockDuration;
        _locked[message.Lock] = message;
        _expiry.Remove(message.ExpiresAt, message.Sequence);
        if (session is null)
            _lockEnds.Add(message.LockedUntil, message.Sequence);
        else
            session.Locked.Add(message);
    }

    private void Unlock(QueuedMessage message)
    {
        if (!message.IsLocked)
            return;
        _locked.Remove(message.Lock);
        _lockEnds.Remove(message.LockedUntil, message.Sequence);
        if (_sessions is not null)
            _sessions.Find(message.Content.SessionId!)?.Locked.Remove(message);
        message.Lock = Guid.Empty;
    }

    private void GiveBack(QueuedMessage message, bool isCounted, IReadOnlyDictionary<string, object?>? changes)
    {
        if (isCounted && _deadLetters is not null && message.Deliveries + 1 >= Settings.MaxDeliveryCount)
        {
            message.Deliveries++;
            MoveToDeadLetters(message, "MaxDeliveryCountExceeded", $"Message could not be consumed after {Settings.MaxDeliveryCount} delivery attempts.", changes);
            return;
        }

        Apply(message, changes, message.State, message.Deliveries + (isCounted ? 1 : 0));
        Unlock(message);
        if (!Expire(message))
            MakeAvailable(message);
    }

    private void Apply(QueuedMessage message, IReadOnlyDictionary<string, object?>? changes, MessageState state, int deliveries)
    {
        var (before, hadDeliveries) = (message.State, message.Deliveries);
        var content = changes is { Count: > 0 } ? Changed(message.Content, changes) : message.Content;
        var isSame = ReferenceEquals(content, message.Content);
        _messages.Change(message, m => (m.Content, m.State, m.Deliveries) = (content, state, deliveries));
        if (!isSame)
            Record(message);
        else if (before != state || hadDeliveries != deliveries)
            _context.Journal.Record(new StoreChange.Update(Number, message.Sequence, (int)state, deliveries));
    }

    private MessageContent Changed(MessageContent content, IReadOnlyDictionary<string, object?> changes)
    {
        var properties = _context.Codec.Read(content);
        foreach (var (name, value) in changes)
            properties.User[name] = value;
        return _context.Codec.With(content, properties);
    }

    private void Clean(QueuedMessage message)
    {
        if (_sessions?.Find(message.Content.SessionId!) is { } session)
            _sessions.Clean(session);
    }
}
