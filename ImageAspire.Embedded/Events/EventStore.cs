using ImageAspire.Core.Errors;
using ImageAspire.Embedded.Blobs;
using ImageAspire.Embedded.Database;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Embedded.Events;

/// <summary>What pumps and feeds of a process share: the database, the bell, the presence of this process among the listeners.</summary>
internal sealed partial class EventStore : IAsyncDisposable
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Presence = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SafetyLook = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PollWithoutBell = TimeSpan.FromMilliseconds(50);
    private readonly CancellationTokenSource _stopping = new();
    private readonly DoorbellWire _wire;
    private readonly HolderWatch _holders;
    private readonly string _id = Guid.CreateVersion7().ToString("N");
    private readonly Lazy<Task> _present;
    private Task _background = Task.CompletedTask;

    public EventStore(SqliteDatabase database, TimeProvider time, ILogger logger)
    {
        (Database, Time, Logger) = (database, time, logger);
        Trouble = new TopicTrouble(logger, time);
        _wire = new DoorbellWire(Bell, logger);
        _holders = new HolderWatch(database, logger);
        RingHere = Bell.Ring;
        _present = new Lazy<Task>(EnterAsync);
    }

    public SqliteDatabase Database { get; }

    public TimeProvider Time { get; }

    public ILogger Logger { get; }

    /// <summary>Who tells that the database is away.</summary>
    public TopicTrouble Trouble { get; }

    public Doorbell Bell { get; } = new();

    /// <summary>Rings in this process; one delegate, so that a group commit runs it once.</summary>
    public Action RingHere { get; }

    /// <summary>What this process's locks are marked with; null when nobody could tell that it is gone.</summary>
    public string? Holder => _holders.Id;

    /// <summary>Becomes a listener, once.</summary>
    public Task ListenAsync() => _present.Value;

    /// <summary>Rings in every process; runs after a commit on the writer's thread.</summary>
    public void RingEverywhere(SqliteSession session) => _wire.RingAll(session);

    /// <summary>How long a subscription with nothing to do may rest; null for an instance's feed.</summary>
    public async Task<TimeSpan> IdleTimeAsync(string? subscription, CancellationToken cancellationToken)
    {
        var most = _wire.Port == 0 ? PollWithoutBell : SafetyLook;
        var due = await Database.ReadAsync(session => Deliveries.NextDue(session, subscription), cancellationToken);
        if (due is null)
            return most;
        var left = DateTimeOffset.FromUnixTimeMilliseconds(due.Value) - Time.GetUtcNow();
        return left <= TimeSpan.Zero ? TimeSpan.FromMilliseconds(1) : left < most ? left : most;
    }

    /// <summary>
    /// The time, inside the writer's transaction. Locks and retries follow a clock that was set back before the next one is written, because
    /// afterwards nobody can tell those of the old time from those of the new: a lock of this moment would be moved into the past.
    /// </summary>
    public DateTimeOffset Now(SqliteSession session)
    {
        var now = Time.GetUtcNow();
        if (EventLog.IsSetBack(session, now))
            FollowClock(session, now);
        return now;
    }

    /// <summary>Says that this process, or one of its feeds, is there and has read so far.</summary>
    public Task RegisterAsync(string id, long? cursor, CancellationToken cancellationToken) => Database.WriteAsync(scope => scope.Session.Run("""
        INSERT INTO listeners(id, port, cursor, expires_at) VALUES(@1, @2, @3, @4)
        ON CONFLICT(id) DO UPDATE SET cursor=@3, expires_at=@4
        """, id, _wire.Port, cursor, (Time.GetUtcNow() + Presence).ToUnixTimeMilliseconds()), Durability.Process, cancellationToken);

    /// <summary>Says that it has gone. When that cannot be written, its row runs out; a process must be able to end whatever the disk does.</summary>
    public async Task UnregisterAsync(string id)
    {
        try
        {
            await Database.WriteAsync(scope => scope.Session.Run("DELETE FROM listeners WHERE id=@1", id), Durability.Process, CancellationToken.None);
        }
        catch (StoreUnavailableException error)
        {
            Trouble.Tell(error);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        if (_present.IsValueCreated)
        {
            await _present.Value;
            await _background;
            await UnregisterAsync(_id);
        }

        _holders.Dispose();
        _wire.Dispose();
        _stopping.Dispose();
    }

    private async Task EnterAsync()
    {
        _holders.Enter();
        await FollowClockAsync(CancellationToken.None);
        await RegisterAsync(_id, null, CancellationToken.None);
        _ = _wire.ListenAsync(); // ends when the socket is disposed
        _background = Task.WhenAll(Task.Run(() => EveryAsync(Heartbeat, BeatAsync)), Task.Run(() => EveryAsync(SafetyLook, LookForDeadAsync)));
    }

    private async Task FollowClockAsync(CancellationToken cancellationToken) =>
        await Database.WriteAsync(scope => FollowClock(scope.Session, Time.GetUtcNow()), Durability.Process, cancellationToken);

    private bool FollowClock(SqliteSession session, DateTimeOffset now)
    {
        var back = EventLog.FollowClock(session, now);
        if (back > 0)
            LogSetBack(Logger, TimeSpan.FromMilliseconds(back));
        return back > 0;
    }

    private async Task EveryAsync(TimeSpan interval, Func<Task> beat)
    {
        using var timer = new PeriodicTimer(interval, Time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
                await RunAsync(beat);
        }
        catch (OperationCanceledException)
        {
            // The process ends.
        }
    }

    private async Task BeatAsync()
    {
        await FollowClockAsync(_stopping.Token);
        await RegisterAsync(_id, null, _stopping.Token);
        Trouble.Over();
        while (await Database.WriteAsync(scope => EventLog.Clean(scope.Session, Time.GetUtcNow()), Durability.Process, _stopping.Token))
            await Task.Yield(); // others write between two batches
    }

    private Task LookForDeadAsync() => _holders.LookAsync(Time.GetUtcNow(), () => RingEverywhere(Database.WriterSession), _stopping.Token);

    private async Task RunAsync(Func<Task> beat)
    {
        try
        {
            await beat();
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            Trouble.Tell(DiskErrors.Translate(error, Database.FilePath));
        }
    }

    [LoggerMessage(LogLevel.Warning, "The clock was set back by {Back}; locks and retries of messages were moved along.")]
    private static partial void LogSetBack(ILogger logger, TimeSpan back);
}
