using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Embedded.Space;

/// <summary>Creates the reserve of space at the start, and again after it was given up, as soon as there is room.</summary>
internal sealed partial class ReserveKeeper(EmbeddedStorageSpace space, TimeProvider time, ILogger<ReserveKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private bool? _isMissing;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
                await Task.Run(Restore, stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private void Restore()
    {
        bool isMissing;
        try
        {
            isMissing = !space.RestoreReserve() && space.IsReserveMissing;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            isMissing = true; // the next look tries again
        }

        if (isMissing == _isMissing)
            return;
        if (isMissing)
            LogMissing(logger);
        else if (_isMissing == true)
            LogRestored(logger);
        _isMissing = isMissing;
    }

    [LoggerMessage(LogLevel.Warning, "The reserve of disk space for deletes is missing: it was given up, or there is no room for it. Uploads are refused until it is back. Free some space.")]
    private static partial void LogMissing(ILogger logger);

    [LoggerMessage(LogLevel.Information, "The reserve of disk space for deletes is complete again.")]
    private static partial void LogRestored(ILogger logger);
}
