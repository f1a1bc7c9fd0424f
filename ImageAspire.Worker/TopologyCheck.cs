using ImageAspire.Core.Errors;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ImageAspire.Worker;

/// <summary>
/// Compares the topic's subscriptions with the stages, at start and whenever health is asked for (at most once a minute): a stage without a
/// subscription would never run, and a subscription without a stage collects messages for ever.
/// </summary>
internal sealed partial class TopologyCheck(ITopology topology, TimeProvider time, ILogger<TopologyCheck> logger) : IHostedService, IHealthCheck, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private readonly SemaphoreSlim _comparing = new(1, 1);
    private IReadOnlyList<TopologyDifference> _differences = [];
    private long? _comparedAt;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await CompareAsync(cancellationToken);
        }
        catch (StoreUnavailableException error)
        {
            LogNotCompared(logger, error.Message);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var differences = await CompareAsync(cancellationToken);
            return differences.Count == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded(string.Join("; ", differences.Select(one => one.Explanation)));
        }
        catch (StoreUnavailableException error)
        {
            return HealthCheckResult.Degraded(error.Message);
        }
    }

    public void Dispose() => _comparing.Dispose();

    private async Task<IReadOnlyList<TopologyDifference>> CompareAsync(CancellationToken cancellationToken)
    {
        await _comparing.WaitAsync(cancellationToken);
        try
        {
            if (_comparedAt is { } at && time.GetElapsedTime(at) < Interval)
                return _differences;
            var found = await topology.CompareAsync(StageCatalog.Subscriptions, cancellationToken);
            foreach (var one in found.Except(_differences))
                LogDifference(logger, one.Explanation);
            (_differences, _comparedAt) = (found, time.GetTimestamp());
            return found;
        }
        finally
        {
            _comparing.Release();
        }
    }

    [LoggerMessage(LogLevel.Warning, "The topic is not as the stages need it: {Difference}.")]
    private static partial void LogDifference(ILogger logger, string difference);

    [LoggerMessage(LogLevel.Warning, "The topic's subscriptions could not be compared with the stages: {Reason}")]
    private static partial void LogNotCompared(ILogger logger, string reason);
}
