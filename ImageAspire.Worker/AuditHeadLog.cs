using ImageAspire.Core.Ports;

namespace ImageAspire.Worker;

/// <summary>
/// Writes the head of the audit log into this process's log, at the start and every hour in which it changed. Where logs are collected
/// elsewhere, a head in them proves later that the audit log up to it was not changed.
/// </summary>
internal sealed partial class AuditHeadLog(IAuditLog audit, TimeProvider time, ILogger<AuditHeadLog> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);
    private AuditHead? _last;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
                await LogAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    private async Task LogAsync(CancellationToken cancellationToken)
    {
        try
        {
            var head = await audit.GetHeadAsync(cancellationToken);
            if (head != _last)
                LogHead(logger, head);
            _last = head;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            LogNoHead(logger, error);
        }
    }

    [LoggerMessage(LogLevel.Information, "The head of the audit log is {Head}.")]
    private static partial void LogHead(ILogger logger, AuditHead head);

    [LoggerMessage(LogLevel.Warning, "The head of the audit log cannot be read; it is tried again in an hour.")]
    private static partial void LogNoHead(ILogger logger, Exception error);
}
