using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;

namespace ImageAspire.Worker;

/// <summary>Subscribes every stage while the host runs; on the way out takes nothing new and lets what runs come to its end.</summary>
internal sealed partial class PipelineHost(
    IServiceProvider services, IEventBus bus, WorkerOptions options, StageRunners runners, ILogger<PipelineHost> logger) : IHostedService, IDisposable
{
    private readonly List<IAsyncDisposable> _subscriptions = [];
    private readonly CancellationTokenSource _outOfTime = new();

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var stage in StageCatalog.All)
        {
            var runner = runners.For(stage, (IStage)services.GetRequiredService(stage.Type));
            var subscription = new SubscriptionOptions(stage.Subscription)
            {
                Types = stage.EventTypes, Concurrency = options.Concurrency, LockDuration = options.LockDuration,
                // The runner counts attempts; the bus's own limit is only the net below it.
                MaxDeliveryCount = options.Attempts + 20,
            };
            _subscriptions.Add(await bus.SubscribeAsync(
                subscription, (message, lockLost) => runner.HandleAsync(message, lockLost, _outOfTime.Token), cancellationToken));
        }

        LogStarted(logger, StageCatalog.All.Count, options.Concurrency);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        LogDraining(logger);
        // What is not done when the host's patience ends is broken off and goes back to its subscription, uncounted.
        await using var patience = cancellationToken.Register(_outOfTime.Cancel);
        await Task.WhenAll(_subscriptions.Select(subscription => subscription.DisposeAsync().AsTask()));
    }

    public void Dispose() => _outOfTime.Dispose();

    [LoggerMessage(LogLevel.Information, "{Stages} stages are ready, up to {Concurrency} messages of each at once.")]
    private static partial void LogStarted(ILogger logger, int stages, int concurrency);

    [LoggerMessage(LogLevel.Information, "Draining: no new messages; waiting for what is in flight.")]
    private static partial void LogDraining(ILogger logger);
}
