using ImageAspire.Core.Errors;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Embedded.Topic;

/// <summary>Logs that the topic is unavailable: once for all subscriptions of a process, every 30 seconds while it lasts, and once when it is over.</summary>
internal sealed partial class OutageLog(ILogger logger, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);
    private readonly Lock _lock = new();
    private long _began; // 0 when there is no outage
    private long _logged;

    /// <summary>Reports an error. Of an unavailable store the reason is logged, of any other error everything.</summary>
    public void Report(Exception error)
    {
        if (error is not StoreUnavailableException)
        {
            LogUnexpected(logger, error);
            return;
        }

        lock (_lock)
        {
            var now = time.GetTimestamp();
            if (_began != 0 && time.GetElapsedTime(_logged, now) < Interval)
                return;
            _began = _began == 0 ? now : _began;
            _logged = now;
        }

        LogUnavailable(logger, error.Message);
    }

    /// <summary>Reports that a write succeeded, which ends an outage.</summary>
    public void ReportSuccess()
    {
        TimeSpan lasted;
        lock (_lock)
        {
            if (_began == 0)
                return;
            lasted = time.GetElapsedTime(_began);
            _began = 0;
        }

        LogAvailable(logger, lasted.TotalSeconds);
    }

    [LoggerMessage(LogLevel.Error, "Messages wait, and are retried every second: {Reason}")]
    private static partial void LogUnavailable(ILogger logger, string reason);

    [LoggerMessage(LogLevel.Information, "Messages flow again after {Seconds:0} s.")]
    private static partial void LogAvailable(ILogger logger, double seconds);

    [LoggerMessage(LogLevel.Error, "The topic failed; the next attempt is in a second.")]
    private static partial void LogUnexpected(ILogger logger, Exception error);
}
