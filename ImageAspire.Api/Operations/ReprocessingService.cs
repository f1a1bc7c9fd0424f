using ImageAspire.Api.Images;
using ImageAspire.Core.Errors;
using ImageAspire.Core.Ports;

namespace ImageAspire.Api.Operations;

/// <summary>
/// Starts, stops and carries on runs of stages. In the Api, not in the Worker, because the Worker may sleep while nothing waits. Whichever
/// instance holds the lease goes on with a run; when it dies another one, or the next start, takes over where the last stored page ended.
/// </summary>
internal sealed partial class ReprocessingService(
    IReprocessingJobStore store, ReprocessingStep step, PageCache cache, TimeProvider time, ILogger<ReprocessingService> logger) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private const int MaxRounds = 20;
    private readonly SemaphoreSlim _wake = new(0);

    /// <summary>The new run of a stage, or the one that is under way.</summary>
    public async Task<ReprocessingJob> StartAsync(string stage, ReprocessingScope kind, string actor, CancellationToken cancellationToken)
    {
        for (var round = 0; round < MaxRounds; round++)
        {
            var last = await FindAsync(stage, cancellationToken);
            if (last is { State: ReprocessingState.Running })
            {
                _wake.Release(); // perhaps nobody is at it: a process died
                return last;
            }

            var now = time.GetUtcNow();
            var run = new ReprocessingJob
            {
                Stage = stage, Version = (last?.Version ?? 0) + 1, Scope = kind, State = ReprocessingState.Running, StartedBy = actor, StartedAt = now, UpdatedAt = now,
            };
            if (!await store.SaveAsync(run, cancellationToken))
                continue;
            LogStarted(logger, actor, kind, stage);
            _wake.Release();
            return run;
        }

        throw new RetryLaterException("Others are starting and stopping runs of this stage all the time; try again.");
    }

    /// <summary>Stops the run of a stage; false when none is under way.</summary>
    public async Task<bool> CancelAsync(string stage, string actor, CancellationToken cancellationToken)
    {
        while (await FindAsync(stage, cancellationToken) is { State: ReprocessingState.Running } run)
        {
            if (!await store.SaveAsync(Next(run with { State = ReprocessingState.Cancelled, Waiting = false, LeaseUntil = null }), cancellationToken))
                continue; // it came forward meanwhile
            LogCancelled(logger, actor, stage, run.Sent);
            return true;
        }

        return false;
    }

    public override void Dispose()
    {
        _wake.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // One task for each stage; there are two stages.
        var active = new Dictionary<string, Task>();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                foreach (var run in await store.ListAsync(stoppingToken))
                {
                    var left = run.LeaseUntil - time.GetUtcNow();
                    // Longer than a lease is: the clock was set back, and whoever had it renews it soon, or is gone.
                    var free = run.State == ReprocessingState.Running && !(left > TimeSpan.Zero && left <= Lease + Look);
                    if (free && (!active.TryGetValue(run.Stage, out var before) || before.IsCompleted))
                        active[run.Stage] = CarryOnAsync(run, stoppingToken);
                }

                await _wake.WaitAsync(Look, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                // The host stops.
            }
            catch (Exception error)
            {
                LogInterrupted(logger, error);
                await Task.Delay(Look, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await Task.WhenAll(active.Values);
    }

    private async Task CarryOnAsync(ReprocessingJob run, CancellationToken stopping)
    {
        try
        {
            while (run.State == ReprocessingState.Running)
            {
                // The lease before the page: of two instances one looks at it.
                run = Next(run with { LeaseUntil = time.GetUtcNow() + Lease });
                if (!await store.SaveAsync(run, stopping))
                    return; // stopped by an operator, or another instance has it
                var after = await step.GoOnAsync(run, stopping);
                if (after.Sent > run.Sent)
                    cache.Clear();
                if (after.Waiting)
                    await Task.Delay(Rest, time, stopping);
                run = Next(after with { LeaseUntil = null });
                if (!await store.SaveAsync(run, stopping))
                    return;
            }

            LogDone(logger, run.Scope, run.Stage, run.Examined, run.Sent);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Another instance, or the next start, goes on when the lease has run out.
        }
        catch (Exception error)
        {
            LogInterrupted(logger, error); // a store is away: the same, here too
        }
    }

    private ReprocessingJob Next(ReprocessingJob run) => run with { Version = run.Version + 1, UpdatedAt = time.GetUtcNow() };

    private async Task<ReprocessingJob?> FindAsync(string stage, CancellationToken cancellationToken) =>
        (await store.ListAsync(cancellationToken)).FirstOrDefault(run => run.Stage == stage);

    [LoggerMessage(LogLevel.Information, "{Actor} starts a run ({Kind}) of {Stage}.")]
    private static partial void LogStarted(ILogger logger, string actor, ReprocessingScope kind, string stage);

    [LoggerMessage(LogLevel.Information, "{Actor} stops the run of {Stage}; {Sent} images were sent.")]
    private static partial void LogCancelled(ILogger logger, string actor, string stage, long sent);

    [LoggerMessage(LogLevel.Information, "The run ({Kind}) of {Stage} is done: {Examined} images looked at, {Sent} sent.")]
    private static partial void LogDone(ILogger logger, ReprocessingScope kind, string stage, long examined, long sent);

    [LoggerMessage(LogLevel.Warning, "Runs of stages are interrupted; they go on when their leases have run out.")]
    private static partial void LogInterrupted(ILogger logger, Exception error);
}
