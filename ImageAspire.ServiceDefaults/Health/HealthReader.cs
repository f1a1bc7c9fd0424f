using System.Collections.Concurrent;
using ImageAspire.Core.Errors;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using OpenTelemetry;

namespace ImageAspire.ServiceDefaults.Health;

/// <summary>
/// Runs the checks for whoever asks. Many who ask at once, or within half a second, share one answer: an open page must not be a
/// way to keep the stores busy. What changes is logged, once.
/// </summary>
internal sealed partial class HealthReader(HealthCheckService checks, TimeProvider time, ILogger<HealthReader> logger)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(0.5);
    private readonly ConcurrentDictionary<string, HealthStatus> _known = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private Task<HealthReport>? _last;
    private long _lastAt;

    /// <summary>Every check, not older than half a second.</summary>
    public Task<HealthReport> ReadAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_last is null || (_last.IsCompleted && time.GetElapsedTime(Interlocked.Read(ref _lastAt)) >= Fresh))
                _last = CheckAsync();
            return _last.WaitAsync(cancellationToken);
        }
    }

    // For all who wait, so nobody's going away ends it; every check has a time limit of its own.
    private async Task<HealthReport> CheckAsync()
    {
        await Task.Yield();
        try
        {
            HealthReport report;
            using (SuppressInstrumentationScope.Begin()) // or every second there would be a trace of nobody's doing
                report = await checks.CheckHealthAsync(CancellationToken.None);
            // Outside of it: it would keep the log records back, too.
            foreach (var (name, entry) in report.Entries)
                Tell(name, entry);
            return report;
        }
        finally
        {
            Interlocked.Exchange(ref _lastAt, time.GetTimestamp());
        }
    }

    private void Tell(string name, HealthReportEntry entry)
    {
        var before = _known.GetValueOrDefault(name, HealthStatus.Healthy);
        _known[name] = entry.Status;
        if (entry.Status == before)
            return;
        if (entry.Status == HealthStatus.Healthy)
        {
            LogWell(logger, name);
            return;
        }

        // A store says what is wrong with it; where in the code that was found tells nobody more.
        var away = entry.Exception as StoreUnavailableException;
        LogUnwell(logger, away is null && entry.Status == HealthStatus.Unhealthy ? entry.Exception : null, name, entry.Status, away?.Message ?? entry.Description ?? "");
    }

    [LoggerMessage(LogLevel.Warning, "{Check} is {Status}: {Reason}")]
    private static partial void LogUnwell(ILogger logger, Exception? error, string check, HealthStatus status, string reason);

    [LoggerMessage(LogLevel.Information, "{Check} is healthy again.")]
    private static partial void LogWell(ILogger logger, string check);
}
