using ImageAspire.Core.Heartbeats;
using ImageAspire.Embedded.Files;
using ImageAspire.Embedded.Sqlite;

namespace ImageAspire.Embedded.Topic;

/// <summary>
/// The background work of a listening process: every five seconds it adjusts the clock, renews its registration and cleans up; every second
/// it reclaims the locks of dead processes.
/// </summary>
internal sealed class TopicMaintenance : IAsyncDisposable
{
    private static readonly TimeSpan ReclaimEvery = TimeSpan.FromSeconds(1);
    private readonly CancellationTokenSource _stopping = new();
    private readonly string _id = Guid.CreateVersion7().ToString("N");
    private readonly TopicRuntime _topic;
    private readonly AbandonedLockReclaimer _reclaimer;
    private readonly Lazy<Task> _started;
    private Task _loops = Task.CompletedTask;

    public TopicMaintenance(TopicRuntime topic, AbandonedLockReclaimer reclaimer)
    {
        (_topic, _reclaimer) = (topic, reclaimer);
        _started = new Lazy<Task>(StartAsync);
    }

    /// <summary>Registers this process and starts the loops, at the first call.</summary>
    public Task EnsureStartedAsync() => _started.Value;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        if (_started.IsValueCreated)
        {
            await _started.Value;
            await _loops;
            await _topic.Listeners.UnregisterAsync(_id);
        }

        _stopping.Dispose();
    }

    private async Task StartAsync()
    {
        _reclaimer.Start();
        await AdjustClockAsync(CancellationToken.None);
        await _topic.Listeners.RegisterAsync(_id, null, CancellationToken.None);
        _ = _topic.Wakeups.ListenAsync(); // ends when the socket is disposed
        _loops = Task.WhenAll(Task.Run(() => EveryAsync(Listeners.Heartbeat, BeatAsync)), Task.Run(() => EveryAsync(ReclaimEvery, ReclaimAsync)));
    }

    private async Task BeatAsync()
    {
        await AdjustClockAsync(_stopping.Token);
        await _topic.Listeners.RegisterAsync(_id, null, _stopping.Token);
        _topic.Outages.ReportSuccess();
        while (await _topic.Database.WriteAsync(scope => TopicCleanup.RemoveBatch(scope.Session, _topic.Time.GetUtcNow()), Durability.Process, _stopping.Token))
            await Task.Yield(); // other writes come between two batches
    }

    private Task ReclaimAsync() => _reclaimer.ReclaimAsync(_topic.Wakeups.WakeAll, _stopping.Token);

    private Task<bool> AdjustClockAsync(CancellationToken cancellationToken) =>
        _topic.Database.WriteAsync(scope => _topic.Clock.Adjust(scope.Session), Durability.Process, cancellationToken);

    private async Task EveryAsync(TimeSpan interval, Func<Task> work)
    {
        using var timer = new PeriodicTimer(interval, _topic.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
                await RunAsync(work);
        }
        catch (OperationCanceledException)
        {
            // The process stops.
        }
    }

    private async Task RunAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            _topic.Outages.Report(DiskErrors.Translate(error, _topic.Database.FilePath, DependencyNames.Documents));
        }
    }
}
