using System.Collections.Concurrent;
using ImageAspire.Core.Errors;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ImageAspire.Azure.Topic;

/// <summary>Polls the pause switches, and pauses or resumes this process's consumers.</summary>
internal sealed partial class PauseMonitor(
    IPauseSwitches switches, IOptions<MessagingOptions> options, TimeProvider time, ILogger<PauseMonitor> logger) : BackgroundService
{
    // Each consumer with its latest switch: pausing one waits for its handlers, and must not block the others.
    private readonly ConcurrentDictionary<DurableSubscription, Task> _subscriptions = new();

    /// <summary>Starts a consumer, unless its subscription is paused, and monitors it.</summary>
    /// <exception cref="StoreUnavailableException">The pause switches cannot be read.</exception>
    public async Task AddAsync(DurableSubscription subscription, CancellationToken cancellationToken)
    {
        var paused = await switches.GetPausedAsync(cancellationToken);
        await subscription.SwitchAsync(!paused.ContainsKey(subscription.Name), cancellationToken);
        _subscriptions[subscription] = Task.CompletedTask;
    }

    /// <summary>Stops monitoring a consumer.</summary>
    public void Remove(DurableSubscription subscription) => _subscriptions.TryRemove(subscription, out _);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.PausePoll, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await PollAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task PollAsync(CancellationToken cancellationToken)
    {
        if (_subscriptions.IsEmpty)
            return;
        try
        {
            var paused = await switches.GetPausedAsync(cancellationToken);
            foreach (var (subscription, switching) in _subscriptions)
            {
                if (switching.IsCompleted)
                    _subscriptions.TryUpdate(subscription, SwitchAsync(subscription, !paused.ContainsKey(subscription.Name), cancellationToken), switching);
            }
        }
        catch (StoreUnavailableException error)
        {
            LogPollFailed(logger, error); // consumers stay as they are
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

    // Not a warning while a store is away: the health check logs that once, and this would repeat it at every turn.
    [LoggerMessage(LogLevel.Debug, "The paused subscriptions cannot be read; the next poll retries.")]
    private static partial void LogPollFailed(ILogger logger, Exception error);

    [LoggerMessage(LogLevel.Warning, "{Subscription} could not be paused or resumed: {Explanation} The next poll retries.")]
    private static partial void LogNotSwitched(ILogger logger, string subscription, string explanation, Exception error);
}
