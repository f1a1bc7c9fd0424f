using ImageAspire.Embedded.Sqlite;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Embedded.Topic;

/// <summary>What the subscriptions of this process share, and the background work that runs once for all of them.</summary>
internal sealed class TopicRuntime : IAsyncDisposable
{
    private readonly AbandonedLockReclaimer _reclaimer;
    private readonly TopicMaintenance _maintenance;

    public TopicRuntime(SqliteDatabase database, TimeProvider time, ILogger logger)
    {
        (Database, Time, Logger) = (database, time, logger);
        Clock = new TopicClock(time, logger);
        Outages = new OutageLog(logger, time);
        Wakeups = new Wakeups(database, time, logger);
        Listeners = new Listeners(database, time, Wakeups.Port, Outages);
        _reclaimer = new AbandonedLockReclaimer(database, logger);
        _maintenance = new TopicMaintenance(this, _reclaimer);
    }

    public SqliteDatabase Database { get; }

    public TimeProvider Time { get; }

    public ILogger Logger { get; }

    public TopicClock Clock { get; }

    public OutageLog Outages { get; }

    public Wakeups Wakeups { get; }

    public Listeners Listeners { get; }

    /// <summary>Marks this process's locks of messages; null when others could not detect that it has ended.</summary>
    public string? ProcessId => _reclaimer.ProcessId;

    /// <summary>Becomes a listener of the topic and starts the background work, at the first call.</summary>
    public Task EnsureStartedAsync() => _maintenance.EnsureStartedAsync();

    public async ValueTask DisposeAsync()
    {
        await _maintenance.DisposeAsync();
        _reclaimer.Dispose();
        Wakeups.Dispose();
    }
}
