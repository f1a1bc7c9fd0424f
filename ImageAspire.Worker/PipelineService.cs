using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;

namespace ImageAspire.Worker;

/// <summary>Subscribes every stage while the host runs; on the way out takes nothing new and lets what runs come to its end.</summary>
internal sealed partial class PipelineService(
    IEnumerable<IStage> stages, IEventBus bus, WorkerOptions options, StageRunners runners, ILogger<PipelineService> logger) : IHostedService, IDisposable
{
    private readonly List<IStage> _stages = [.. stages];
    private readonly List<IAsyncDisposable> _subscriptions = [];
    private readonly CancellationTokenSource _outOfTime = new();

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Check();
        foreach (var stage in _stages)
        {
            var runner = runners.For(stage);
            var subscription = new SubscriptionOptions(stage.Subscription)
            {
                Types = stage.WakesOn, Concurrency = options.Concurrency, LockDuration = options.LockDuration,
                // The runner counts attempts; the bus's own limit is only the net below it.
                MaxDeliveryCount = options.Attempts + 20,
            };
            _subscriptions.Add(await bus.SubscribeAsync(
                subscription, (message, lockLost) => runner.HandleAsync(message, lockLost, _outOfTime.Token), cancellationToken));
        }

        LogStarted(logger, _stages.Count, options.Concurrency);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        LogDraining(logger);
        // What is not done when the host's patience ends is broken off and goes back to its subscription, uncounted.
        await using var patience = cancellationToken.Register(_outOfTime.Cancel);
        await Task.WhenAll(_subscriptions.Select(subscription => subscription.DisposeAsync().AsTask()));
    }

    public void Dispose() => _outOfTime.Dispose();

    /// <summary>Wiring errors show at the start, not at three in the morning.</summary>
    private void Check()
    {
        if (_stages.Count == 0)
            throw new InvalidOperationException("The Worker has no stage. Add one with AddStage.");
        foreach (var shared in _stages.GroupBy(stage => stage.Subscription).Where(group => group.Count() > 1))
            throw new InvalidOperationException($"Subscription '{shared.Key}' has several stages: {string.Join(", ", shared.Select(stage => stage.Name))}.");
        foreach (var declared in Topology.DurableSubscriptions)
        {
            if (!_stages.Exists(stage => stage.Subscription == declared.Name))
                throw new InvalidOperationException($"Subscription '{declared.Name}' has no stage: its messages would pile up for ever.");
        }
    }

    [LoggerMessage(LogLevel.Information, "{Stages} stages are ready, up to {Concurrency} messages of each at once.")]
    private static partial void LogStarted(ILogger logger, int stages, int concurrency);

    [LoggerMessage(LogLevel.Information, "Draining: no new messages; waiting for what is in flight.")]
    private static partial void LogDraining(ILogger logger);
}
