using ImageAspire.ServiceBusEmulator.Store;

namespace ImageAspire.ServiceBusEmulator.Broker;

/// <summary>Consumers, sessions, and what was kept.</summary>
internal sealed partial class MessageQueue
{
    /// <exception cref="BrokerException">The queue requires sessions, or nothing may be received from it now.</exception>
    public void Attach(IConsumer consumer)
    {
        CheckReceiver();
        if (_plain is null)
            throw new BrokerException(BrokerError.NotAllowed, $"It is not possible for an entity that requires sessions to create a non-sessionful message receiver: '{Path}'.");
        _plain.Attach(consumer);
        _plain.Dispatch();
    }

    /// <exception cref="BrokerException">The queue has no sessions, or another receiver has this one.</exception>
    public void Request(SessionRequest request)
    {
        CheckReceiver();
        if (_sessions is null)
            throw new BrokerException(BrokerError.NotAllowed, $"A sessionful message receiver cannot be created on an entity that does not require sessions: '{Path}'.");
        _sessions.Request(request);
    }

    public void Withdraw(SessionRequest request) => _sessions?.Withdraw(request);

    /// <summary>The consumer is gone. Its messages stay locked; those of its session come back, uncounted.</summary>
    public void Detach(IConsumer consumer, string? sessionId)
    {
        _entity.Touch();
        if (sessionId is null)
            _plain?.Detach(consumer);
        else if (_sessions?.Find(sessionId) is { } session && session.Owner == consumer)
            FreeSession(session, isCounted: false);
        Ready.Dispatch();
    }

    /// <summary>The consumer has room again.</summary>
    public void Wake(string? sessionId)
    {
        _entity.Touch();
        if (sessionId is not null)
            _sessions?.Wake(sessionId);
        Ready.Dispatch();
    }

    /// <exception cref="BrokerException">The lock is lost.</exception>
    public DateTimeOffset RenewSession(string id)
    {
        var session = Owned(id);
        _sessions!.Renew(session);
        return session.LockedUntil;
    }

    /// <exception cref="BrokerException">The lock is lost.</exception>
    public byte[]? GetSessionState(string id) => Owned(id).State;

    /// <exception cref="BrokerException">The lock is lost.</exception>
    public void SetSessionState(string id, byte[]? state)
    {
        Owned(id).State = state;
        _context.Journal.Record(new StoreChange.PutSession(Number, id, state));
    }

    /// <summary>Ids of sessions that have messages or a state.</summary>
    public List<string> ListSessions(int skip, int top) => _sessions is null ? [] : [.. _sessions.All().Skip(skip).Take(top).Select(session => session.Id)];

    /// <summary>Ends the consumers when nothing may be received any more.</summary>
    public void ApplyStatus()
    {
        if (!Settings.CanReceive)
            Ready.End(ReceiveDisabled());
    }

    public void End(BrokerException reason)
    {
        Ready.End(reason);
        _context.WakeUps.Forget(this);
    }

    public void Load(StoredMessage kept)
    {
        var content = _context.Codec.Decode(kept.Content);
        var enqueuedAt = new DateTimeOffset(kept.EnqueuedAt, TimeSpan.Zero);
        var timeToLive = content.TimeToLive < Settings.TimeToLive ? content.TimeToLive.Value : Settings.TimeToLive;
        Keep(new QueuedMessage(kept.Sequence, content)
        {
            State = (MessageState)kept.State, Deliveries = kept.Deliveries, EnqueuedAt = enqueuedAt, EnqueueSequence = kept.EnqueueSequence, Source = kept.Source,
            ExpiresAt = IsDeadLetterQueue || kept.State == (int)MessageState.Scheduled ? DateTimeOffset.MaxValue : EntitySettings.After(enqueuedAt, timeToLive),
        }, isNew: false);
    }

    public void Load(StoredSession kept)
    {
        if (_sessions is not null)
            _sessions.GetOrAdd(kept.Session).State = kept.State;
    }

    public void Load(StoredDuplicate kept) => _duplicates.Load(kept);

    public void LoadReserved(long reserved) => _sequence.Load(reserved);

    private Session? SessionOf(QueuedMessage message) => _sessions is null ? null : Owned(message.Content.SessionId!);

    private Session Owned(string id) => _sessions?.Find(id) is { Owner: not null } session
        ? session : throw new BrokerException(BrokerError.SessionLockLost, $"The session '{id}' is not locked. Accept it again.");

    private void FreeSession(Session session, bool isCounted)
    {
        foreach (var message in _sessions!.Free(session))
            GiveBack(message, isCounted, null);
        _sessions.Settle(session);
    }

    private void CheckReceiver()
    {
        _entity.Touch();
        if (!Settings.CanReceive)
            throw ReceiveDisabled();
        if (Publish is not null)
            throw new BrokerException(BrokerError.NotAllowed, $"'{Path}' is a topic: receive from one of its subscriptions.");
    }

    private BrokerException ReceiveDisabled() => new(BrokerError.Disabled, $"Nothing can be received from '{Path}' now: its status is {Settings.Status}.");
}
