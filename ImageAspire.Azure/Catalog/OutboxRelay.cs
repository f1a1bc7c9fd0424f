using ImageAspire.Core.Errors;
using ImageAspire.Core.Events;
using ImageAspire.Core.Ports;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MongoDB.Bson;

namespace ImageAspire.Azure.Catalog;

/// <summary>
/// Publishes what the catalog committed. Events of this process come through the queue, at once; the sweep finds events of any process that
/// have waited for more than 15 seconds: after a crash between commit and publish, an outage of the topic, a full queue.
/// Runs in every process that writes the catalog; several of them do no harm.
/// </summary>
internal sealed partial class OutboxRelay(OutboxQueue queue, Outbox outbox, IEventBus bus, TimeProvider time, ILogger<OutboxRelay> logger) : BackgroundService
{
    /// <summary>The sweep publishes events that have waited longer than this.</summary>
    public static readonly TimeSpan Overdue = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(10);
    private readonly OutboxPublisher _publisher = new(outbox, bus, logger);
    private readonly CancellationTokenSource _deadline = new();

    /// <summary>Publishes what is in the queue now.</summary>
    public async Task RelayAsync(CancellationToken cancellationToken)
    {
        while (NextBatch() is { Count: > 0 } batch)
            await _publisher.TryPublishAsync(batch, cancellationToken);
    }

    /// <summary>Publishes events that have waited since before a time, and removes older tombstones that have no event left.</summary>
    public async Task SweepAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        while (true)
        {
            var waiting = await outbox.WaitingAsync(before, OutboxPublisher.BatchSize, cancellationToken);
            var events = waiting.Select(Read).OfType<ImageEvent>().ToList();
            if (events.Count == 0 || !await _publisher.PublishEachAsync(events, cancellationToken))
                break; // the rest stays for the next sweep
            LogSwept(logger, events.Count);
        }

        await outbox.RemoveTombstonesAsync(before, cancellationToken);
    }

    /// <summary>Closes the queue, publishes what is in it for as long as the host waits, then stops.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        queue.Close();
        await using var stop = cancellationToken.Register(_deadline.Cancel);
        await base.StopAsync(cancellationToken);
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        _deadline.Dispose();
        base.Dispose();
    }

    /// <inheritdoc />
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(RelayUntilClosedAsync(_deadline.Token), SweepUntilStoppedAsync(stoppingToken));

    private async Task RelayUntilClosedAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await queue.Reader.WaitToReadAsync(cancellationToken))
                await RelayAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The host waits no longer; the sweep of another process, or after the next start, publishes the rest.
        }
    }

    private async Task SweepUntilStoppedAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(SweepEvery, time);
        try
        {
            do
            {
                await TrySweepAsync(cancellationToken);
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task TrySweepAsync(CancellationToken cancellationToken)
    {
        try
        {
            await SweepAsync(time.GetUtcNow() - Overdue, cancellationToken);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            LogSweepFailed(logger, error is StoreUnavailableException ? LogLevel.Debug : LogLevel.Warning, error);
        }
    }

    private List<ImageEvent> NextBatch()
    {
        var batch = new List<ImageEvent>();
        while (batch.Count < OutboxPublisher.BatchSize && queue.Reader.TryRead(out var e))
            batch.Add(e);
        return batch;
    }

    private ImageEvent? Read(BsonValue waiting)
    {
        try
        {
            return ImageDocument.Event(waiting);
        }
        catch (FormatException error)
        {
            LogUnreadable(logger, error);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} overdue events of the outbox were published.")]
    private static partial void LogSwept(ILogger logger, int count);

    // Not a warning while a store is away: the health check logs that once, and this would repeat it at every turn.
    [LoggerMessage(Message = "The outbox could not be swept; it is retried.")]
    private static partial void LogSweepFailed(ILogger logger, LogLevel level, Exception error);

    [LoggerMessage(Level = LogLevel.Error, Message = "This version cannot read an event in the outbox; the event stays there.")]
    private static partial void LogUnreadable(ILogger logger, Exception error);
}
