using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageAspire.ServiceDefaults;

/// <summary>
/// Stops the host when standard input ends. AppHost holds the other end: however it ends, the system closes the pipe, and no process
/// is left behind.
/// </summary>
internal sealed partial class StopWithParent(IHostApplicationLifetime lifetime, ILogger<StopWithParent> logger) : BackgroundService
{
    /// <summary>The setting that turns it on, with the value 1.</summary>
    public const string Key = "IMAGEASPIRE_STOP_WITH_PARENT";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var input = Console.OpenStandardInput();
        var buffer = new byte[256];
        try
        {
            // A read of a pipe cannot be cancelled everywhere; the wait for it can.
            while (await Task.Run(() => input.Read(buffer), CancellationToken.None).WaitAsync(stoppingToken) > 0)
            {
                // Input is ignored; only its end counts.
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return; // the host stops for another reason
        }

        LogParentGone(logger);
        lifetime.StopApplication();
    }

    [LoggerMessage(LogLevel.Information, "The parent process is gone; stopping.")]
    private static partial void LogParentGone(ILogger logger);
}
