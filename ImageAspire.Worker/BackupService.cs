using ImageAspire.Core.Ports;

namespace ImageAspire.Worker;

/// <summary>Makes the backups that are due. Of many Workers one does so at a time.</summary>
internal sealed partial class BackupService(IScheduledBackups backups, TimeProvider time, ILogger<BackupService> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
                await RunAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The host stops. Nothing is left of a backup that was under way; it is made up after the start.
        }
    }

    private async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            if (await backups.RunDueAsync(stopping) is { Error: { } error })
                LogFailed(logger, error, null);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            LogFailed(logger, error.Message, error);
        }
    }

    [LoggerMessage(LogLevel.Error, "The scheduled backup failed, or lacks something: {Reason}")]
    private static partial void LogFailed(ILogger logger, string reason, Exception? error);
}
