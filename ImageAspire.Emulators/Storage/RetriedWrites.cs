using ImageAspire.Emulators.Values;
using MongoDB.Bson;

namespace ImageAspire.Emulators.Storage;

/// <summary>The results of the latest writes of each session. Of more than 10,000 sessions the oldest are forgotten.</summary>
internal sealed class RetriedWrites
{
    private const int MaxSessions = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<BsonValue, Session> _sessions = new(ValueOrder.Instance);
    private readonly Queue<BsonValue> _oldest = [];

    /// <summary>Every result that is remembered.</summary>
    public IReadOnlyList<RetriedStatement> All
    {
        get
        {
            lock (_lock)
                return [.. _sessions.Values.SelectMany(session => session.Done.Values)];
        }
    }

    /// <summary>Begins a command, or its repetition, and forgets earlier ones of its session.</summary>
    /// <returns>What to lock meanwhile: a session's commands run one after the other, also when a driver has given up the first and sends it again.</returns>
    /// <exception cref="CommandException">The session has had a later one.</exception>
    public object Begin(RetryKey key)
    {
        lock (_lock)
        {
            var session = Open(key);
            return session.Number == key.Number ? session
                : throw new CommandException(ErrorCode.TransactionTooOld, $"Retryable write with txnNumber {key.Number} is prohibited because a newer one, {session.Number}, has already started.");
        }
    }

    /// <summary>The result of a statement that was done; null for one that was not.</summary>
    public BsonDocument? Find(RetryKey key, int statement)
    {
        lock (_lock)
            return _sessions.TryGetValue(key.Session, out var session) && session.Number == key.Number ? session.Done.GetValueOrDefault(statement)?.Result : null;
    }

    /// <summary>Remembers a statement that was done.</summary>
    public void Remember(RetriedStatement done)
    {
        lock (_lock)
        {
            if (Open(done.Key) is var session && session.Number == done.Key.Number)
                session.Done[done.Statement] = done;
        }
    }

    private Session Open(RetryKey key)
    {
        if (!_sessions.TryGetValue(key.Session, out var session))
        {
            _sessions.Add(key.Session, session = new Session { Number = key.Number });
            _oldest.Enqueue(key.Session);
            if (_oldest.Count > MaxSessions)
                _sessions.Remove(_oldest.Dequeue());
        }

        if (session.Number < key.Number)
        {
            session.Number = key.Number;
            session.Done.Clear();
        }

        return session;
    }

    private sealed class Session
    {
        public long Number { get; set; }

        public Dictionary<int, RetriedStatement> Done { get; } = [];
    }
}
