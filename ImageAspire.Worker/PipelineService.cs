using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;

namespace ImageAspire.Worker;

/// <summary>Subscribes every stage of the catalog while the host runs. On shutdown it accepts no new messages and waits for those in flight.</summary>
internal sealed partial class PipelineService(
    IEventBus bus, WorkerOptions options, StageExecutorFactory executors, ILogger<PipelineService> logger) : IHostedService, IDisposable
{
    // The executor counts attempts; the bus's own limit is only a safety margin above it.
    private const int DeliveryMargin = 20;
    // Created with the host: a store that cannot be opened is an error of the start, with its own message.
    private readonly List<(StageDefinition Stage, StageExecutor Executor)> _executors = [.. StageCatalog.All.Select(stage => (stage, executors.Create(stage)))];
    private readonly List<IAsyncDisposable> _subscriptions = [];
    private readonly CancellationTokenSource _shutdown = new();

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var (stage, executor) in _executors)
        {
            _subscriptions.Add(await bus.SubscribeAsync(
                OptionsOf(stage), (message, lockLost) => executor.HandleAsync(message, lockLost, _shutdown.Token), cancellationToken));
        }

        LogStarted(logger, _executors.Count, options.Concurrency);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        LogDraining(logger);
        // When the host's shutdown timeout ends, running stages are cancelled and their messages given back, uncounted.
        await using var timeout = cancellationToken.Register(_shutdown.Cancel);
        await Task.WhenAll(_subscriptions.Select(subscription => subscription.DisposeAsync().AsTask()));
    }

    public void Dispose() => _shutdown.Dispose();

    private SubscriptionOptions OptionsOf(StageDefinition stage) => new(stage.Subscription)
    {
        Types = stage.EventTypes, Concurrency = options.Concurrency, LockDuration = options.LockDuration, MaxDeliveryCount = options.Attempts + DeliveryMargin,
    };

    [LoggerMessage(LogLevel.Information, "{Stages} stages are ready, up to {Concurrency} messages of each at once.")]
    private static partial void LogStarted(ILogger logger, int stages, int concurrency);

    [LoggerMessage(LogLevel.Information, "Draining: no new messages; waiting for those in flight.")]
    private static partial void LogDraining(ILogger logger);
}
