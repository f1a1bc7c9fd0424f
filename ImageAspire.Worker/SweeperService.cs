using ImageAspire.Core.Errors;

namespace ImageAspire.Worker;

/// <summary>Runs the sweepers at their intervals.</summary>
internal sealed partial class SweeperService(
    StrandedSweeper stranded, OrphanSweeper orphans, UploadSweeper uploads, TrashSweeper trash, DeadLetterSweeper deadLetters, WorkerOptions options, TimeProvider time, ILogger<SweeperService> logger) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        EveryAsync(options.SweepInterval, token => stranded.AnnounceStrandedAsync(options.StrandedAfter, token), stoppingToken),
        EveryAsync(options.SweepInterval, deadLetters.RemoveRetriedAsync, stoppingToken),
        EveryAsync(options.SweepInterval, trash.PurgeAsync, stoppingToken),
        EveryAsync(options.OrphanSweepInterval, token => orphans.RemoveOrphansAsync(options.OrphanAfter, token), stoppingToken),
        EveryAsync(options.UploadSweepInterval, uploads.RemoveExpiredAsync, stoppingToken));

    private async Task EveryAsync(TimeSpan interval, Func<CancellationToken, Task<int>> sweep, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
                await SweepAsync(sweep, stopping);
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    private async Task SweepAsync(Func<CancellationToken, Task<int>> sweep, CancellationToken stopping)
    {
        try
        {
            await sweep(stopping);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            LogSweepFailed(logger, error is StoreUnavailableException ? LogLevel.Debug : LogLevel.Error, error);
        }
    }

    // Not a warning while a store is away: the health check logs that once, and this would repeat it at every turn.
    [LoggerMessage("A sweep failed; the next one tries again.")]
    private static partial void LogSweepFailed(ILogger logger, LogLevel level, Exception error);
}
