using ImageAspire.Core.Diagnostics;
using ImageAspire.Core.Events;
using ImageAspire.Core.Ports;

namespace ImageAspire.Backends.Tracing;

/// <summary>The topic with a span for every event that is published. The stages create the consumers' spans.</summary>
internal sealed class TracedEventBus(IEventBus inner) : IEventBus
{
    private readonly EventSpans _spans = new(EventSpans.Publish);

    public Task PublishAsync(IReadOnlyList<ImageEvent> events, DateTimeOffset? notBefore, CancellationToken cancellationToken) =>
        Telemetry.Source.HasListeners() ? PublishTracedAsync(events, notBefore, cancellationToken) : inner.PublishAsync(events, notBefore, cancellationToken);

    public Task<IAsyncDisposable> SubscribeAsync(SubscriptionOptions options, MessageHandler handler, CancellationToken cancellationToken) =>
        inner.SubscribeAsync(options, handler, cancellationToken);

    private async Task PublishTracedAsync(IReadOnlyList<ImageEvent> events, DateTimeOffset? notBefore, CancellationToken cancellationToken)
    {
        var sent = events.Select(_spans.Start).ToList();
        try
        {
            await inner.PublishAsync([.. sent.Select(one => one.Event)], notBefore, cancellationToken);
        }
        catch (Exception error)
        {
            foreach (var (span, _) in sent)
                span.Fail(error);
            throw;
        }
        finally
        {
            foreach (var (span, _) in sent)
                span?.Dispose();
        }
    }
}
