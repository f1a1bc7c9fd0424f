using ImageAspire.Core.Errors;
using ImageAspire.Core.Heartbeats;
using ImageAspire.Core.Ports;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;

namespace ImageAspire.ServiceDefaults.Heartbeats;

/// <summary>
/// Writes this process's heartbeats from the time when every part of it has started until every part has stopped, and removes those of processes
/// that ended long ago.
/// </summary>
internal sealed partial class HeartbeatService(ProcessHeartbeat process, IHeartbeatStore store, TimeProvider time, ILogger<HeartbeatService> logger)
    : IHostedLifecycleService, IDisposable
{
    // A driver may wait for its server for longer than a process may be silent.
    private static readonly TimeSpan WriteLimit = TimeSpan.FromSeconds(3);

    // The process must be able to end whatever the store does.
    private static readonly TimeSpan FarewellLimit = TimeSpan.FromSeconds(2);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private Task _beating = Task.CompletedTask;
    private Task? _farewell;
    private bool _isStoreAway;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _beating = BeatAsync(_stopping.Token);
        return Task.CompletedTask;
    }

    // A host that is asked to stop twice at once stops twice, and is disposed after the first one that is done: both wait for the same.
    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
            return _farewell ??= FarewellAsync(cancellationToken);
    }

    public void Dispose() => _stopping.Dispose();

    private async Task FarewellAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _beating;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(FarewellLimit);
        try
        {
            await StoreAsync(token => store.WriteAsync(process.Stopped(), token), limit.Token).WaitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // Then it is shown as gone.
        }
    }

    private async Task BeatAsync(CancellationToken stopping)
    {
        await Task.Yield();
        using var timer = new PeriodicTimer(HeartbeatRules.Interval, time);
        try
        {
            do
            {
                var next = await process.NextAsync(stopping);
                await StoreAsync(token => WriteAsync(next, token), stopping);
            }
            while (await timer.WaitForNextTickAsync(stopping));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task WriteAsync(Heartbeat heartbeat, CancellationToken cancellationToken)
    {
        await store.WriteAsync(heartbeat, cancellationToken);
        var obsolete = HeartbeatRules.Obsolete(await store.ListAsync(cancellationToken), heartbeat.At).Select(one => one.Id).ToList();
        if (obsolete.Count > 0)
            await store.RemoveAsync(obsolete, cancellationToken);
    }

    // Neither traced nor logged each time.
    private async Task StoreAsync(Func<CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            using (SuppressInstrumentationScope.Begin())
                await write(limit.Token).WaitAsync(WriteLimit, time, cancellationToken);
            if (_isStoreAway)
                LogStored(logger);
            _isStoreAway = false;
        }
        // Whatever it is: without its next heartbeats this process would look gone.
        catch (Exception error) when (error is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            if (!_isStoreAway)
            {
                var isOutage = error is StoreUnavailableException or TimeoutException;
                LogNotStored(logger, isOutage ? LogLevel.Information : LogLevel.Warning, isOutage ? null : error,
                    error is TimeoutException ? $"The store did not answer within {WriteLimit.TotalSeconds:0} s." : error.Message);
            }

            _isStoreAway = true;
        }
        finally
        {
            await limit.CancelAsync();
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // No warning of an outage: the health check of the documents has it.
    [LoggerMessage("Heartbeats cannot be stored; operators see this process as gone until they can. {Reason}")]
    private static partial void LogNotStored(ILogger logger, LogLevel level, Exception? error, string reason);

    [LoggerMessage(LogLevel.Information, "Heartbeats are stored again.")]
    private static partial void LogStored(ILogger logger);
}
