using ImageAspire.Core.Events;
using ImageAspire.Core.Ports;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MongoDB.Bson;

namespace ImageAspire.Azure.Catalog;

/// <summary>
/// Publishes what the catalog committed, then takes it out of the outbox. Events of this process come through the queue, at once;
/// the sweep finds what has waited for more than a minute, whoever wrote it: after a crash between commit and publish, a topic that was
/// down, a full queue. A crash between publish and removal publishes again with the same message id, which the
/// topic's duplicate detection drops. Runs in every process that writes the catalog; several of them do no harm.
/// </summary>
internal sealed partial class OutboxRelay(OutboxQueue queue, Outbox outbox, IEventBus bus, TimeProvider time, ILogger<OutboxRelay> logger) : BackgroundService
{
    /// <summary>What has waited for so long is the sweep's.</summary>
    public static readonly TimeSpan Overdue = TimeSpan.FromMinutes(1);

    private const int BatchSize = 100;
    private const int MaxFailures = 3;
    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _deadline = new();

    /// <summary>Publishes what is in the queue now.</summary>
    public async Task RelayAsync(CancellationToken cancellationToken)
    {
        while (NextBatch() is { Count: > 0 } batch)
            await TryPublishAsync(batch, cancellationToken);
    }

    /// <summary>Publishes what has waited since before a time, and removes tombstones from before it that wait for nothing.</summary>
    public async Task SweepAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        while (true)
        {
            var waiting = await outbox.WaitingAsync(before, BatchSize, cancellationToken);
            var events = waiting.Select(Read).OfType<ImageEvent>().ToList();
            if (events.Count == 0 || !await PublishAllAsync(events, cancellationToken))
                break; // the rest stays for the next sweep
            LogSwept(logger, events.Count);
        }

        await outbox.RemoveTombstonesAsync(before, cancellationToken);
    }

    /// <summary>Takes no more, publishes what is in the queue as long as the host waits, then stops.</summary>
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
            // The host waits no longer; another process's sweep, or the next start's, goes on.
        }
    }

    private async Task SweepUntilStoppedAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(SweepEvery, time);
        try
        {
            do
            {
                try
                {
                    await SweepAsync(time.GetUtcNow() - Overdue, cancellationToken);
                }
                catch (Exception error) when (!cancellationToken.IsCancellationRequested)
                {
                    LogSweepFailed(logger, error);
                }
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopped between two sweeps or in the middle of one.
        }
    }

    private List<ImageEvent> NextBatch()
    {
        var batch = new List<ImageEvent>();
        while (batch.Count < BatchSize && queue.Reader.TryRead(out var e))
            batch.Add(e);
        return batch;
    }

    // Together; if that fails one by one, so that an event that the topic refuses does not hold up the others.
    private async Task<bool> PublishAllAsync(List<ImageEvent> events, CancellationToken cancellationToken)
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

    private async Task<bool> TryPublishAsync(List<ImageEvent> events, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var part in events.Chunk(BatchSize))
            {
                await bus.PublishAsync(part, null, cancellationToken);
                await outbox.RemoveAsync(part, cancellationToken);
            }

            return true;
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            LogPublishFailed(logger, events.Count, events[0].ImageId, error);
            return false;
        }
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

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} events had waited in the outbox for too long and are published now.")]
    private static partial void LogSwept(ILogger logger, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} events, the first of image {ImageId}, could not be published or taken out of the outbox. They stay there and are tried again.")]
    private static partial void LogPublishFailed(ILogger logger, int count, Guid imageId, Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The outbox could not be swept; it is tried again.")]
    private static partial void LogSweepFailed(ILogger logger, Exception error);

    [LoggerMessage(Level = LogLevel.Error, Message = "An event in the outbox cannot be read by this version; it stays there.")]
    private static partial void LogUnreadable(ILogger logger, Exception error);
}
