using System.Collections.Concurrent;
using System.Diagnostics;
using ImageAspire.Core.Errors;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using OpenTelemetry;

namespace ImageAspire.ServiceDefaults.Health;

/// <summary>
/// Runs the health checks. Requests at the same time, or within half a second, share one report, so that an open endpoint cannot load the
/// stores. Changes are logged, once each.
/// </summary>
internal sealed partial class HealthReader(HealthCheckService checks, TimeProvider time, ILoggerFactory loggers)
{
    /// <summary>Category of the log lines: what goes and comes back, for every service.</summary>
    public const string Category = "ImageAspire.Health";

    // Other services start at the same time: what has not been healthy yet is not missed until then.
    private static readonly TimeSpan StartGrace = TimeSpan.FromSeconds(30);
    private readonly ILogger _logger = loggers.CreateLogger(Category);
    private readonly long _began = time.GetTimestamp();
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(0.5);
    private readonly ConcurrentDictionary<string, HealthStatus> _lastStatus = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private Task<HealthReport>? _last;
    private long _lastAt;

    /// <summary>A report of every check, at most half a second old.</summary>
    public Task<HealthReport> ReadAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_last is null || (_last.IsCompleted && time.GetElapsedTime(Interlocked.Read(ref _lastAt)) >= MaxAge))
                _last = CheckAsync();
            return _last.WaitAsync(cancellationToken);
        }
    }

    // Shared by all callers, so that none of them can cancel it; every check has a time limit of its own.
    private async Task<HealthReport> CheckAsync()
    {
        await Task.Yield();
        Activity.Current = null; // what a check calls belongs to no request
        try
        {
            HealthReport report;
            using (SuppressInstrumentationScope.Begin()) // or every probe would start a trace
                report = await checks.CheckHealthAsync(CancellationToken.None);
            // Outside of the scope, which would suppress the export of log records, too.
            foreach (var (name, entry) in report.Entries.Where(one => !one.Value.Tags.Contains(HealthEndpoints.LoggedTag)))
                LogChange(name, entry);
            return report;
        }
        finally
        {
            Interlocked.Exchange(ref _lastAt, time.GetTimestamp());
        }
    }

    private void LogChange(string name, HealthReportEntry entry)
    {
        var isFirst = !_lastStatus.TryGetValue(name, out var before);
        if (isFirst && entry.Status != HealthStatus.Healthy && time.GetElapsedTime(_began) < StartGrace)
            return;
        _lastStatus[name] = entry.Status;
        if (entry.Status == (isFirst ? HealthStatus.Healthy : before))
            return;
        if (entry.Status == HealthStatus.Healthy)
        {
            LogHealthy(_logger, name);
            return;
        }

        // The message of a store's error is sufficient; a stack trace would add nothing.
        var away = entry.Exception as StoreUnavailableException;
        LogNotHealthy(_logger, away is null && entry.Status == HealthStatus.Unhealthy ? entry.Exception : null, name, entry.Status, away?.Message ?? entry.Description ?? "");
    }

    [LoggerMessage(LogLevel.Warning, "{Check} is {Status}: {Reason}")]
    private static partial void LogNotHealthy(ILogger logger, Exception? error, string check, HealthStatus status, string reason);

    // A warning, too: where only warnings are kept, an outage would seem not to end.
    [LoggerMessage(LogLevel.Warning, "{Check} is healthy again.")]
    private static partial void LogHealthy(ILogger logger, string check);
}
