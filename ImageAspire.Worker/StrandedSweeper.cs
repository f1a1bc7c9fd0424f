using ImageAspire.Core.Events;
using ImageAspire.Core.Images;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;

namespace ImageAspire.Worker;

/// <summary>
/// Finds images that nobody will come for. Persisted state is the source of work, not the queue: an image that waits although its
/// subscription is empty is announced again. Any number of workers may sweep.
/// </summary>
/// <param name="catalog">Records.</param>
/// <param name="bus">Topic.</param>
/// <param name="operations">The topic's counts.</param>
/// <param name="time">Clock.</param>
/// <param name="logger">Log.</param>
public sealed partial class StrandedSweeper(
    IImageCatalog catalog, IEventBus bus, ITopicOperations operations, TimeProvider time, ILogger<StrandedSweeper> logger)
{
    private const int MaxAnnounced = 1000;

    /// <summary>Announces stranded images again; how many.</summary>
    /// <param name="waitingSince">Only images whose record has not changed for so long.</param>
    /// <param name="cancellationToken">Ends the sweep.</param>
    public async Task<int> AnnounceStrandedAsync(TimeSpan waitingSince, CancellationToken cancellationToken) =>
        await AnnounceAsync(ImageStatus.Received, ImageEventTypes.Received, waitingSince, cancellationToken)
        + await AnnounceAsync(ImageStatus.Inspected, ImageEventTypes.Inspected, waitingSince, cancellationToken);

    private async Task<int> AnnounceAsync(ImageStatus status, string type, TimeSpan waitingSince, CancellationToken cancellationToken)
    {
        var subscription = Topology.DurableSubscriptions.First(one => one.Types?.Contains(type) == true).Name;
        var counts = (await operations.GetStatusAsync(cancellationToken)).FirstOrDefault(one => one.Name == subscription);
        if (counts is { Active: > 0 } or { InFlight: > 0 } or { Scheduled: > 0 })
            return 0; // somebody will come
        var stranded = new List<ImageEvent>();
        string? cursor = null;
        do
        {
            var page = await catalog.QueryAsync(
                new ImageQuery { Status = status, Archived = null, Sort = ImageSort.Oldest, Limit = ImageQuery.MaxLimit, Cursor = cursor }, cancellationToken);
            stranded.AddRange(page.Items.Where(record => time.GetUtcNow() - record.UpdatedAt > waitingSince).Select(record => EventOf(record, type)));
            cursor = page.Next;
        }
        while (cursor is not null && stranded.Count < MaxAnnounced - ImageQuery.MaxLimit);

        if (stranded.Count == 0)
            return 0;
        await bus.PublishAsync(stranded, null, cancellationToken);
        LogStranded(logger, stranded.Count, status);
        return stranded.Count;
    }

    private ImageEvent EventOf(ImageRecord record, string type)
    {
        var now = time.GetUtcNow();
        return new ImageEvent(Guid.CreateVersion7(now), type, record.Id, now, null, new ImageEventData
        {
            Version = record.Version, Actor = "Sweeper", Status = record.Status, Name = record.Name,
            ContentType = record.ContentType, Bytes = record.Bytes, UploadedAt = record.UploadedAt,
        });
    }

    [LoggerMessage(LogLevel.Warning, "{Count} images were {Status} with no message on its way; they are announced again.")]
    private static partial void LogStranded(ILogger logger, int count, ImageStatus status);
}
