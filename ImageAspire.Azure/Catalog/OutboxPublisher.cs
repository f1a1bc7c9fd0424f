using ImageAspire.Core.Errors;
using ImageAspire.Core.Events;
using ImageAspire.Core.Ports;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Azure.Catalog;

/// <summary>Publishes events, then removes them from the outbox. A crash in between publishes them again, which duplicate detection drops.</summary>
internal sealed partial class OutboxPublisher(Outbox outbox, IEventBus bus, ILogger logger)
{
    /// <summary>Largest number of events that are published together.</summary>
    public const int BatchSize = 100;

    private const int MaxFailures = 3;

    /// <summary>Publishes events together; whether that succeeded. Events that cannot be published stay in the outbox.</summary>
    public async Task<bool> TryPublishAsync(IReadOnlyList<ImageEvent> events, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var batch in events.Chunk(BatchSize))
            {
                await bus.PublishAsync(batch, null, cancellationToken);
                await outbox.RemoveAsync(batch, cancellationToken);
            }

            return true;
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            LogPublishFailed(logger, error is StoreUnavailableException ? LogLevel.Debug : LogLevel.Warning, events.Count, events[0].ImageId, error);
            return false;
        }
    }

    /// <summary>Publishes events together; if that fails one by one, so that an event that the topic refuses does not block the others.</summary>
    /// <returns>Whether all were published together.</returns>
    public async Task<bool> PublishEachAsync(IReadOnlyList<ImageEvent> events, CancellationToken cancellationToken)
    {
        if (await TryPublishAsync(events, cancellationToken))
            return true;
        var failures = 0;
        foreach (var e in events)
        {
            if (!await TryPublishAsync([e], cancellationToken) && ++failures == MaxFailures)
                break;
        }

        return false;
    }

    // Not a warning while a store is away: the health check logs that once, and this would repeat it at every turn.
    [LoggerMessage(Message = "{Count} events, the first of image {ImageId}, could not be published or removed from the outbox. They stay there and are retried.")]
    private static partial void LogPublishFailed(ILogger logger, LogLevel level, int count, Guid imageId, Exception error);
}
