using System.Collections.Concurrent;
using ImageAspire.Core.Errors;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ImageAspire.Azure.Events;

/// <summary>Looks every second which subscriptions are paused, and switches this process's consumers.</summary>
internal sealed partial class PauseWatch(
    IPauseSwitches switches, IOptions<MessagingOptions> options, TimeProvider time, ILogger<PauseWatch> logger) : BackgroundService
{
    // Each consumer with its latest switch: pausing one waits for its handlers, and must not hold up the others.
    private readonly ConcurrentDictionary<DurableSubscription, Task> _subscriptions = new();

    /// <summary>Starts a consumer, unless its subscription is paused, and watches it from now on.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be looked up whether it is paused.</exception>
    public async Task AddAsync(DurableSubscription subscription, CancellationToken cancellationToken)
    {
        var paused = await switches.GetPausedAsync(cancellationToken);
        await subscription.SwitchAsync(!paused.Contains(subscription.Name), cancellationToken);
        _subscriptions[subscription] = Task.CompletedTask;
    }

    /// <summary>Watches a consumer no longer.</summary>
    public void Remove(DurableSubscription subscription) => _subscriptions.TryRemove(subscription, out _);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.PausePoll, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await LookAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        if (_subscriptions.IsEmpty)
            return;
        try
        {
            var paused = await switches.GetPausedAsync(cancellationToken);
            foreach (var (subscription, switching) in _subscriptions)
            {
                if (switching.IsCompleted)
                    _subscriptions.TryUpdate(subscription, SwitchAsync(subscription, !paused.Contains(subscription.Name), cancellationToken), switching);
            }
        }
        catch (StoreUnavailableException error)
        {
            LogLater(logger, error); // everything stays as it is
        }
    }

    private async Task SwitchAsync(DurableSubscription subscription, bool on, CancellationToken cancellationToken)
    {
        try
        {
            await subscription.SwitchAsync(on, cancellationToken);
        }
        catch (Exception error) when (ServiceBusErrors.IsOfService(error))
        {
            LogNotSwitched(logger, subscription.Name, ServiceBusErrors.Explain(error), error);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    [LoggerMessage(LogLevel.Warning, "It cannot be looked up which subscriptions are paused; the next look follows.")]
    private static partial void LogLater(ILogger logger, Exception error);

    [LoggerMessage(LogLevel.Warning, "{Subscription} could not be switched: {Explanation} The next look tries again.")]
    private static partial void LogNotSwitched(ILogger logger, string subscription, string explanation, Exception error);
}
