using System.Diagnostics.Metrics;
using ImageAspire.Core.Diagnostics;
using ImageAspire.Core.Errors;
using ImageAspire.Core.Ports;

namespace ImageAspire.Worker;

/// <summary>Reports how many messages each subscription has. It queries the topic at intervals; collecting metrics reads the last answer without waiting.</summary>
internal sealed partial class SubscriptionGauges : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>Counting a long backlog takes time: at most a tenth of all time is spent on it.</summary>
    private const int PausePerWork = 10;

    private readonly ITopicOperations _topic;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Meter _meter = new(Telemetry.Name);
    private volatile Snapshot? _last;

    public SubscriptionGauges(ITopicOperations topic, TimeProvider time, ILogger<SubscriptionGauges> logger)
    {
        (_topic, _time, _logger) = (topic, time, logger);
        _meter.CreateObservableGauge(Telemetry.SubscriptionDepth, Observe, "{message}", "Messages of a subscription, by state.");
    }

    public override void Dispose()
    {
        _meter.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var began = _time.GetTimestamp();
            await ReadAsync(stoppingToken);
            var pause = _time.GetElapsedTime(began) * PausePerWork;
            await Task.Delay(pause > Interval ? pause : Interval, _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ReadAsync(CancellationToken stopping)
    {
        try
        {
            _last = new Snapshot(await _topic.GetStatusAsync(stopping));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The host stops.
        }
        catch (Exception error)
        {
            _last = null; // no value is better than an outdated one
            LogNoCounts(_logger, error is StoreUnavailableException ? LogLevel.Debug : LogLevel.Warning, error);
        }
    }

    private IEnumerable<Measurement<long>> Observe()
    {
        foreach (var one in _last?.Subscriptions ?? [])
        {
            yield return Of(one, "active", one.Active);
            yield return Of(one, "in_flight", one.InFlight);
            yield return Of(one, "scheduled", one.Scheduled);
            yield return Of(one, "dead_lettered", one.DeadLettered);
        }
    }

    private static Measurement<long> Of(SubscriptionStatus one, string state, long count) =>
        new(count, new KeyValuePair<string, object?>("subscription", one.Name), new KeyValuePair<string, object?>("state", state));

    // Not a warning while a store is away: the health check logs that once, and this would repeat it at every turn.
    [LoggerMessage("The topic's counts cannot be read; metrics go without them until it answers again.")]
    private static partial void LogNoCounts(ILogger logger, LogLevel level, Exception error);

    private sealed record Snapshot(IReadOnlyList<SubscriptionStatus> Subscriptions);
}
