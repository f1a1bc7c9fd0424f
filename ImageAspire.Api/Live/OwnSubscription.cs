using ImageAspire.Api.Images;
using ImageAspire.Api.Operations;
using ImageAspire.Core.Ports;

namespace ImageAspire.Api.Live;

/// <summary>The Api is a subscriber as well: each instance has a subscription of its own, which refreshes its cache, feeds its live clients and counts for its operators.</summary>
internal sealed class OwnSubscription(IEventBus bus, PageCache cache, LiveFeed feed, SubscriptionRates rates, IHostApplicationLifetime lifetime) : IHostedService
{
    private IAsyncDisposable? _subscription;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = await bus.SubscribeAsync(new SubscriptionOptions("api") { IsInstance = true }, (message, _) =>
        {
            cache.Clear();
            feed.Publish(message.Event);
            rates.Count(message.Event);
            return Task.FromResult(MessageOutcome.Completed);
        }, cancellationToken);
        // Open streams would keep the server from stopping.
        lifetime.ApplicationStopping.Register(feed.Close);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_subscription is not null)
            await _subscription.DisposeAsync();
    }
}
