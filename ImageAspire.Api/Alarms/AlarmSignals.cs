using System.Diagnostics.Metrics;
using ImageAspire.Core.Alarms;
using ImageAspire.Core.Diagnostics;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ImageAspire.Api.Alarms;

/// <summary>Open alarms as this Api's health: degraded, with what they say.</summary>
internal sealed class AlarmHealthCheck(AlarmMonitor monitor) : IHealthCheck
{
    private const int MostNamed = 3;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var open = monitor.Book.Open.Select(one => one.Description).ToList();
        return Task.FromResult(open.Count == 0 ? HealthCheckResult.Healthy()
            : HealthCheckResult.Degraded(string.Join(' ', open.Take(MostNamed)) + (open.Count > MostNamed ? $" And {open.Count - MostNamed} more: see the operations page." : "")));
    }
}

/// <summary>Open alarms as a metric.</summary>
internal sealed class AlarmGauge : IHostedService, IDisposable
{
    private readonly Meter _meter = new(Telemetry.Name);

    public AlarmGauge(AlarmMonitor monitor) =>
        _meter.CreateObservableGauge(Telemetry.Alarms, () => monitor.Book.Open.Select(Of), "{alarm}", "Alarms that are open, by code and name.");

    public void Dispose() => _meter.Dispose();

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static Measurement<int> Of(Alarm one) =>
        new(1, new KeyValuePair<string, object?>("code", one.Code), new KeyValuePair<string, object?>("name", one.Name ?? ""));
}
