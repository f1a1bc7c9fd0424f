using ImageAspire.Api.Alarms;
using ImageAspire.Api.Images;
using ImageAspire.Api.Operations;
using ImageAspire.Core.Ports;

namespace ImageAspire.Api.Live;

/// <summary>The instance subscription of this Api: it clears the page cache, feeds the live clients, wakes requests that wait for an analysis, and counts events for rates.</summary>
internal sealed class InstanceSubscription(IEventBus bus, PageCache cache, LiveFeed feed, AnalysisWaits waits, SubscriptionRates rates, OutcomeRates outcomes, IHostApplicationLifetime lifetime) : IHostedService
{
    private IAsyncDisposable? _subscription;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = await bus.SubscribeAsync(new SubscriptionOptions("api") { IsInstance = true }, (message, _) =>
        {
            cache.Clear();
            feed.Publish(message.Event);
            waits.Signal(message.Event.ImageId);
            rates.Count(message.Event);
            outcomes.Add(message.Event);
            return Task.FromResult(MessageOutcome.Completed);
        }, cancellationToken);
        // Open streams and waiting requests would delay the shutdown.
        lifetime.ApplicationStopping.Register(feed.Close);
        lifetime.ApplicationStopping.Register(waits.Close);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_subscription is not null)
            await _subscription.DisposeAsync();
    }
}
