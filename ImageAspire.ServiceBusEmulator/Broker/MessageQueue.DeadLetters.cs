using ImageAspire.ServiceBusEmulator.Messages;

namespace ImageAspire.ServiceBusEmulator.Broker;

/// <summary>Dead letters, and what happens by itself when a time has come.</summary>
internal sealed partial class MessageQueue
{
    /// <summary>Removes a message whose time to live has passed; it may become a dead letter.</summary>
    public bool Expire(QueuedMessage message)
    {
        if (message.ExpiresAt > _context.Now)
            return false;
        Ready.Remove(message);
        if (Settings.DeadLetterOnExpiration && _deadLetters is not null)
            MoveToDeadLetters(message, "TTLExpiredException", "The message expired and was dead lettered.", null);
        else
            Remove(message);
        return true;
    }

    public DateTimeOffset RunDue(DateTimeOffset now)
    {
        while (_lockEnds.TakeDue(now) is { } sequence)
        {
            if (_messages.Find(sequence) is { IsLocked: true } message && message.LockedUntil <= now)
                GiveBack(message, isCounted: true, null);
        }

        // Before sessions are free: nobody is to get one for messages that are gone.
        while (_expiry.TakeDue(now) is { } sequence)
        {
            if (_messages.Find(sequence) is { IsLocked: false } message)
                Expire(message);
        }

        while (_sessions?.TakeExpired(now) is { } session)
        {
            session.Owner!.End(new BrokerException(BrokerError.SessionLockLost, $"The lock of the session '{session.Id}' has expired."));
            FreeSession(session, isCounted: true);
        }

        while (_schedule.TakeDue(now) is { } sequence)
        {
            if (_messages.Find(sequence) is not { State: MessageState.Scheduled } message)
                continue;
            Remove(message);
            Arrive(message.Content, message.EnqueueSequence);
        }

        Ready.Dispatch();
        return new[] { _lockEnds.Next, _schedule.Next, _expiry.Next, _sessions?.NextLockEnd ?? DateTimeOffset.MaxValue }.Min();
    }

    private void MoveToDeadLetters(QueuedMessage message, string? reason, string? description, IReadOnlyDictionary<string, object?>? changes)
    {
        Remove(message);
        _deadLetters!.Bring(new QueuedMessage(message.Sequence, Explained(message.Content, reason, description, changes))
        {
            EnqueuedAt = message.EnqueuedAt, EnqueueSequence = message.EnqueueSequence, Deliveries = message.Deliveries,
        }, Path);
    }

    // To a dead-letter queue: keeps the message under the number that it had, or forwards it.
    private void Bring(QueuedMessage message, string source)
    {
        if (Settings.ForwardDeadLettersTo is { Length: > 0 } target)
        {
            try
            {
                _context.Forwarder.Forward(target, message.Content, message.Sequence);
                return;
            }
            catch (BrokerException)
            {
                // It stays here, where someone will look for it.
            }
        }

        Keep(new QueuedMessage(message.Sequence, message.Content)
        {
            EnqueuedAt = message.EnqueuedAt, EnqueueSequence = message.EnqueueSequence, Deliveries = message.Deliveries, Source = source,
        }, isNew: true);
    }

    private MessageContent Explained(MessageContent content, string? reason, string? description, IReadOnlyDictionary<string, object?>? changes)
    {
        var all = new Dictionary<string, object?>(changes ?? new Dictionary<string, object?>());
        if (reason is not null)
            all["DeadLetterReason"] = reason;
        if (description is not null)
            all["DeadLetterErrorDescription"] = description;
        return all.Count == 0 ? content : Changed(content, all);
    }
}
