using ImageAspire.Api.Images;
using ImageAspire.Core.Errors;
using ImageAspire.Core.Ports;

namespace ImageAspire.Api.Operations;

/// <summary>
/// Runs reprocessing jobs: claims one by a lease, executes one page of it, stores the progress, until it is done. In the Api, not in the Worker,
/// because the Worker may be scaled to zero. When an instance crashes, another one or the next start continues after the last stored page.
/// </summary>
internal sealed partial class ReprocessingService(
    IReprocessingJobStore store, ReprocessingJobs jobs, ReprocessingStep step, PageCache cache, TimeProvider time, ILogger<ReprocessingService> logger) : BackgroundService
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan WaitForStage = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var running = new Dictionary<string, Task>(); // one for each stage that can be reprocessed
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                foreach (var job in await store.ListAsync(stoppingToken))
                {
                    if (IsClaimable(job) && running.GetValueOrDefault(job.Stage) is null or { IsCompleted: true })
                        running[job.Stage] = RunAsync(job, stoppingToken);
                }

                await jobs.WaitForStartAsync(PollInterval, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                // The host stops.
            }
            catch (Exception error)
            {
                LogInterrupted(logger, error is StoreUnavailableException ? LogLevel.Debug : LogLevel.Warning, error);
                await Task.Delay(PollInterval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await Task.WhenAll(running.Values);
    }

    private bool IsClaimable(ReprocessingJob job)
    {
        var left = job.LeaseUntil - time.GetUtcNow();
        // More than a lease lasts: the clock was set back. The owner renews it soon, or has crashed.
        return job.State == ReprocessingState.Running && !(left > TimeSpan.Zero && left <= Lease + PollInterval);
    }

    private async Task RunAsync(ReprocessingJob job, CancellationToken cancellationToken)
    {
        try
        {
            while (job.State == ReprocessingState.Running)
            {
                if (await SaveAsync(job with { LeaseUntil = time.GetUtcNow() + Lease }, cancellationToken) is not { } claimed)
                    return; // cancelled by an operator, or claimed by another instance
                var progress = await step.ExecuteAsync(claimed, cancellationToken);
                if (progress.Sent > claimed.Sent)
                    cache.Clear();
                if (progress.Waiting)
                    await Task.Delay(WaitForStage, time, cancellationToken);
                if (await SaveAsync(progress with { LeaseUntil = null }, cancellationToken) is not { } stored)
                    return;
                job = stored;
            }

            LogDone(logger, job.Scope, job.Stage, job.Examined, job.Sent);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Another instance, or the next start, continues when the lease has expired.
        }
        catch (Exception error)
        {
            LogInterrupted(logger, error is StoreUnavailableException ? LogLevel.Debug : LogLevel.Warning, error); // a store is unavailable: continued when the lease has expired, here too
        }
    }

    // Null when the stored job has changed since it was read.
    private async Task<ReprocessingJob?> SaveAsync(ReprocessingJob job, CancellationToken cancellationToken)
    {
        var next = job with { Version = job.Version + 1, UpdatedAt = time.GetUtcNow() };
        return await store.SaveAsync(next, cancellationToken) ? next : null;
    }

    [LoggerMessage(LogLevel.Information, "The run ({Scope}) of {Stage} is done: {Examined} images examined, {Sent} sent.")]
    private static partial void LogDone(ILogger logger, ReprocessingScope scope, string stage, long examined, long sent);

    // Not a warning while a store is away: the health check logs that once, and this would repeat it at every turn.
    [LoggerMessage("Reprocessing is interrupted; it continues when the lease has expired.")]
    private static partial void LogInterrupted(ILogger logger, LogLevel level, Exception error);
}
