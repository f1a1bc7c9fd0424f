namespace ImageAspire.ServiceBusEmulator.Broker;

/// <summary>With sessions: a message goes to the consumer that owns its session, in order.</summary>
internal sealed class SessionReadyMessages(QueueContext context, IHandOver queue, IWakeable owner, Func<TimeSpan> lockDuration) : IReadyMessages
{
    private readonly Dictionary<string, Session> _sessions = [];
    private readonly Dictionary<long, Session> _byNumber = [];
    private readonly Deadlines _lockEnds = new(context.WakeUps, owner);
    private readonly LinkedList<SessionRequest> _waiting = [];
    // Free sessions with messages, by the time at which they became so.
    private readonly LinkedList<Session> _available = [];
    private readonly HashSet<Session> _toDispatch = [];
    private long _numbers;

    public bool HasConsumers => _waiting.Count > 0 || _sessions.Values.Any(session => session.Owner is not null);

    public DateTimeOffset NextLockEnd => _lockEnds.Next;

    public Session? Find(string id) => _sessions.GetValueOrDefault(id);

    public Session GetOrAdd(string id)
    {
        if (_sessions.TryGetValue(id, out var session))
            return session;
        session = new Session(id, ++_numbers);
        return _byNumber[session.Number] = _sessions[id] = session;
    }

    public void Add(QueuedMessage message)
    {
        var session = GetOrAdd(message.Content.SessionId!);
        session.Ready.Add(message);
        Offer(session);
    }

    public void Remove(QueuedMessage message)
    {
        if (Find(message.Content.SessionId!) is not { } session)
            return;
        session.Ready.Remove(message);
        Clean(session);
    }

    /// <summary>Asks for a session; granted at once or later.</summary>
    /// <exception cref="BrokerException">Another consumer has this very session.</exception>
    public void Request(SessionRequest request)
    {
        if (request.SessionId is not { } id)
        {
            _waiting.AddLast(request);
            Match();
            return;
        }

        var session = GetOrAdd(id);
        if (session.Owner is not null)
            throw new BrokerException(BrokerError.SessionTaken, $"The session '{id}' is locked by another receiver.");
        Grant(session, request);
    }

    public void Withdraw(SessionRequest request) => _waiting.Remove(request);

    /// <summary>The consumer is gone, or its lock has ended.</summary>
    /// <returns>Messages that it had locked.</returns>
    public List<QueuedMessage> Free(Session session)
    {
        _lockEnds.Remove(session.LockedUntil, session.Number);
        session.Owner = null;
        return [.. session.Locked];
    }

    /// <summary>After <see cref="Free"/>, when its messages are back.</summary>
    public void Settle(Session session)
    {
        Offer(session);
        Clean(session);
    }

    public void Renew(Session session)
    {
        _lockEnds.Remove(session.LockedUntil, session.Number);
        session.LockedUntil = context.Now + lockDuration();
        foreach (var message in session.Locked)
            message.LockedUntil = session.LockedUntil;
        _lockEnds.Add(session.LockedUntil, session.Number);
    }

    public Session? TakeExpired(DateTimeOffset now)
    {
        while (_lockEnds.TakeDue(now) is { } number)
        {
            if (_byNumber.TryGetValue(number, out var session) && session.Owner is not null)
                return session;
        }

        return null;
    }

    /// <summary>Those with a state or messages, in the order of their ids.</summary>
    public IEnumerable<Session> All() => _sessions.Values.OrderBy(session => session.Id, StringComparer.Ordinal);

    /// <summary>The consumer of this session has room again.</summary>
    public void Wake(string id)
    {
        if (Find(id) is { } session)
            _toDispatch.Add(session);
    }

    public void Dispatch()
    {
        while (_toDispatch.FirstOrDefault() is { } session)
        {
            _toDispatch.Remove(session);
            while (session is { Owner: { } consumer, Ready.Min: { } message })
            {
                if (queue.Expire(message))
                    continue;
                if (!consumer.TryReserve())
                    break;
                session.Ready.Remove(message);
                queue.HandOver(consumer, message, session);
            }
        }
    }

    /// <summary>Removes a session of which nothing is left.</summary>
    public void Clean(Session session)
    {
        if (session.Ready.Count == 0)
            Take(session);
        if (!session.IsEmpty)
            return;
        _sessions.Remove(session.Id);
        _byNumber.Remove(session.Number);
    }

    public void End(BrokerException reason)
    {
        foreach (var session in _sessions.Values)
            session.Owner?.End(reason);
        foreach (var request in _waiting)
            request.Granted.TrySetException(reason);
        _waiting.Clear();
    }

    private void Offer(Session session)
    {
        if (session.Owner is not null)
        {
            _toDispatch.Add(session);
        }
        else if (session is { Ready.Count: > 0, Place: null })
        {
            session.Place = _available.AddLast(session);
            Match();
        }
    }

    private void Match()
    {
        while (_waiting.First is { } request && _available.First is { } session)
        {
            _waiting.RemoveFirst();
            Grant(session.Value, request.Value);
        }
    }

    private void Take(Session session)
    {
        if (session.Place is not { } place)
            return;
        _available.Remove(place);
        session.Place = null;
    }

    private void Grant(Session session, SessionRequest request)
    {
        Take(session);
        session.Owner = request.Consumer;
        session.LockedUntil = context.Now + lockDuration();
        _lockEnds.Add(session.LockedUntil, session.Number);
        _toDispatch.Add(session);
        var grant = new SessionGrant(session.Id, session.LockedUntil);
        context.Journal.AfterCommit(() => request.Granted.TrySetResult(grant));
    }
}
