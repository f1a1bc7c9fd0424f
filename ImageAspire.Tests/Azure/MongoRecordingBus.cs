using System.Collections.Concurrent;
using ImageAspire.Core.Errors;
using ImageAspire.Core.Events;
using ImageAspire.Core.Ports;

namespace ImageAspire.Tests.Azure;

/// <summary>A topic that keeps what is published, and can be down.</summary>
internal sealed class MongoRecordingBus : IEventBus
{
    private readonly ConcurrentQueue<ImageEvent> _published = [];

    public IReadOnlyList<ImageEvent> Published => [.. _published];

    /// <summary>The events that it refuses; none by default.</summary>
    public Func<ImageEvent, bool> Refuses { get; set; } = _ => false;

    public Task PublishAsync(IReadOnlyList<ImageEvent> events, DateTimeOffset? notBefore, CancellationToken cancellationToken)
    {
        if (events.Any(Refuses))
            throw new StoreUnavailableException("The topic is down.");
        foreach (var e in events)
            _published.Enqueue(e);
        return Task.CompletedTask;
    }

    public Task<IAsyncDisposable> SubscribeAsync(SubscriptionOptions options, MessageHandler handler, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
