using ImageAspire.Core.Errors;
using ImageAspire.Core.Ports;

namespace ImageAspire.Api.Operations;

/// <summary>Starts and cancels reprocessing jobs on behalf of operators; <see cref="ReprocessingService"/> runs them.</summary>
internal sealed partial class ReprocessingJobs(IReprocessingJobStore store, TimeProvider time, ILogger<ReprocessingJobs> logger) : IDisposable
{
    private const int MaxAttempts = 20;
    private readonly SemaphoreSlim _started = new(0);

    /// <summary>Waits until a job is started here, or for a time: another instance may have started one.</summary>
    public Task WaitForStartAsync(TimeSpan atMost, CancellationToken cancellationToken) => _started.WaitAsync(atMost, cancellationToken);

    /// <summary>The new job of a stage, or the one that is running.</summary>
    public async Task<ReprocessingJob> StartAsync(string stage, ReprocessingScope scope, string actor, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var last = await FindAsync(stage, cancellationToken);
            if (last is { State: ReprocessingState.Running })
            {
                _started.Release(); // its process may have crashed: then this instance continues it
                return last;
            }

            var now = time.GetUtcNow();
            var job = new ReprocessingJob
            {
                Stage = stage, Version = (last?.Version ?? 0) + 1, Scope = scope, State = ReprocessingState.Running, StartedBy = actor, StartedAt = now, UpdatedAt = now,
            };
            if (!await store.SaveAsync(job, cancellationToken))
                continue; // another operator started or cancelled one meanwhile
            LogStarted(logger, actor, scope, stage);
            _started.Release();
            return job;
        }

        throw new RetryLaterException("Other operators start and stop runs of this stage all the time; try again.");
    }

    /// <summary>Cancels the job of a stage; false when none is running.</summary>
    public async Task<bool> CancelAsync(string stage, string actor, CancellationToken cancellationToken)
    {
        while (await FindAsync(stage, cancellationToken) is { State: ReprocessingState.Running } job)
        {
            var cancelled = job with
            {
                State = ReprocessingState.Cancelled, Waiting = false, LeaseUntil = null, Version = job.Version + 1, UpdatedAt = time.GetUtcNow(),
            };
            if (!await store.SaveAsync(cancelled, cancellationToken))
                continue; // it made progress meanwhile
            LogCancelled(logger, actor, stage, job.Sent);
            return true;
        }

        return false;
    }

    public void Dispose() => _started.Dispose();

    private async Task<ReprocessingJob?> FindAsync(string stage, CancellationToken cancellationToken) =>
        (await store.ListAsync(cancellationToken)).FirstOrDefault(job => job.Stage == stage);

    [LoggerMessage(LogLevel.Information, "{Actor} starts a run ({Scope}) of {Stage}.")]
    private static partial void LogStarted(ILogger logger, string actor, ReprocessingScope scope, string stage);

    [LoggerMessage(LogLevel.Information, "{Actor} stops the run of {Stage}; {Sent} images were sent.")]
    private static partial void LogCancelled(ILogger logger, string actor, string stage, long sent);
}
