using ImageAspire.Embedded.Sqlite;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Embedded.Topic;

/// <summary>Wakes the subscriptions of all processes: when messages arrive, when something falls due, and once a second in any case.</summary>
internal sealed class Wakeups : IDisposable
{
    private static readonly TimeSpan SafetyPoll = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PollWithoutSocket = TimeSpan.FromMilliseconds(50);
    private readonly ChangeSignal _signal = new();
    private readonly CrossProcessNotifier _notifier;
    private readonly SqliteDatabase _database;
    private readonly TimeProvider _time;

    public Wakeups(SqliteDatabase database, TimeProvider time, ILogger logger)
    {
        (_database, _time) = (database, time);
        _notifier = new CrossProcessNotifier(_signal, logger);
        WakeThisProcess = _signal.Raise;
        WakeAll = () => _notifier.NotifyAll(database.WriterSession);
    }

    /// <summary>For after a commit. One delegate, so that a group commit runs it once.</summary>
    public Action WakeThisProcess { get; }

    /// <summary>For after a commit, on the writer's thread. One delegate, so that a group commit runs it once.</summary>
    public Action WakeAll { get; }

    /// <summary>UDP port of this process; 0 for none.</summary>
    public int Port => _notifier.Port;

    /// <summary>Grows with every wake-up; read it before looking for work.</summary>
    public long Version => _signal.Version;

    /// <summary>Listens to other processes until disposed.</summary>
    public Task ListenAsync() => _notifier.ListenAsync();

    /// <summary>Waits until there may be work.</summary>
    /// <param name="seen">The version before the last look.</param>
    /// <param name="subscription">Name of a durable subscription; null for an instance subscription.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async Task WaitAsync(long seen, string? subscription, CancellationToken cancellationToken)
    {
        var due = await _database.ReadAsync(session => PendingWork.NextDue(session, subscription), cancellationToken);
        await _signal.WaitAsync(seen, IdleTime(due), _time, cancellationToken);
    }

    public void Dispose() => _notifier.Dispose();

    private TimeSpan IdleTime(long? due)
    {
        var longest = Port == 0 ? PollWithoutSocket : SafetyPoll;
        if (due is null)
            return longest;
        var remaining = DateTimeOffset.FromUnixTimeMilliseconds(due.Value) - _time.GetUtcNow();
        return remaining <= TimeSpan.Zero ? TimeSpan.FromMilliseconds(1) : remaining < longest ? remaining : longest;
    }
}
