using ImageAspire.Core.Failpoints;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;

namespace ImageAspire.Worker;

/// <summary>
/// Finds images whose message is lost. Persisted state is the source of work, not the queue: when an image waits although its
/// subscription is empty, its event is published again. Any number of workers may sweep.
/// </summary>
internal sealed partial class StrandedSweeper(
    IImageCatalog catalog, ITopicOperations operations, TimeProvider time, ILogger<StrandedSweeper> logger)
{
    /// <summary>The actor in the audit log.</summary>
    public const string Actor = "Sweeper";

    private const int MaxAnnounced = 1000;

    /// <returns>How many images were announced again.</returns>
    /// <param name="waitingSince">Only images whose record has not changed for so long.</param>
    /// <param name="cancellationToken">Ends the sweep.</param>
    public async Task<int> AnnounceStrandedAsync(TimeSpan waitingSince, CancellationToken cancellationToken)
    {
        var announced = 0;
        foreach (var stage in StageCatalog.Reprocessable)
            announced += await AnnounceAsync(stage.Reprocessing!.WaitsIn, stage.Subscription, waitingSince, cancellationToken);
        return announced;
    }

    private async Task<int> AnnounceAsync(ImageStatus status, string subscription, TimeSpan waitingSince, CancellationToken cancellationToken)
    {
        var counts = (await operations.GetStatusAsync(cancellationToken)).FirstOrDefault(one => one.Name == subscription);
        if (counts is { Active: > 0 } or { InFlight: > 0 } or { Scheduled: > 0 })
            return 0; // their messages may be among those
        var announced = 0;
        string? cursor = null;
        do
        {
            var page = await catalog.QueryAsync(
                new ImageQuery { Status = status, Archived = null, Sort = ImageSort.Oldest, Limit = ImageQuery.MaxLimit, Cursor = cursor }, cancellationToken);
            announced += await AnnounceAsync(page.Items.Where(record => IsOlder(record, waitingSince)), cancellationToken);
            cursor = page.Next;
        }
        while (cursor is not null && announced <= MaxAnnounced - ImageQuery.MaxLimit);

        if (announced > 0)
            LogStranded(logger, announced, status);
        return announced;
    }

    // A clock that was ahead leaves times of the future. Such a record would wait until the clock gets there.
    private bool IsOlder(ImageRecord record, TimeSpan age) => (time.GetUtcNow() - record.UpdatedAt).Duration() > age;

    // A transition of the record, with its next version: so only one of several sweeping workers announces it, consumers do not take it for a new
    // upload, and the next sweep skips it for a while. A record that has changed meanwhile is not stranded.
    private async Task<int> AnnounceAsync(IEnumerable<ImageRecord> stranded, CancellationToken cancellationToken)
    {
        var cause = new Cause(Actor, time.GetUtcNow());
        var transitions = stranded.Select(record => ImageLifecycle.AnnounceAgain(record, cause)).OfType<Transition>().ToList();
        if (transitions.Count == 0)
            return 0;
        Failpoint.Hit(FailpointNames.SweepBeforeAnnounce);
        var results = await catalog.CommitAsync(transitions, cancellationToken);
        Failpoint.Hit(FailpointNames.SweepAnnounced);
        return results.Count(result => result == CommitResult.Applied);
    }

    [LoggerMessage(LogLevel.Warning, "{Count} images were {Status} with no message on its way; they are announced again.")]
    private static partial void LogStranded(ILogger logger, int count, ImageStatus status);
}
