using ImageAspire.Api.Images;
using ImageAspire.Core.Ports;

namespace ImageAspire.Api.Live;

/// <summary>The Api is a subscriber as well: each instance has a subscription of its own, which refreshes its cache and feeds its live clients.</summary>
internal sealed class OwnSubscription(IEventBus bus, PageCache cache, LiveFeed feed, IHostApplicationLifetime lifetime) : IHostedService
{
    private IAsyncDisposable? _subscription;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = await bus.SubscribeAsync(new SubscriptionOptions("api") { PerInstance = true }, (message, _) =>
        {
            cache.Clear();
            feed.Publish(message.Event);
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
