using ImageAspire.Core.Events;
using ImageAspire.Core.Images;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;

namespace ImageAspire.Worker;

/// <summary>
/// Removes dead letters whose image has been sent to its stage again, from the gallery or by a run over many images, or is deleted: the failure
/// is over, and is not to be counted beside its retry. Any number of workers may sweep.
/// </summary>
internal sealed partial class DeadLetterSweeper(IImageCatalog catalog, ITopicOperations topic, TimeProvider time, ILogger<DeadLetterSweeper> logger)
{
    private const int Page = 200;
    private const int MaxExamined = 2_000;

    // An operator's retry changes the record first and the dead letter second.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <returns>How many were removed.</returns>
    public async Task<int> RemoveRetriedAsync(CancellationToken cancellationToken)
    {
        var removed = 0;
        var counts = await topic.GetStatusAsync(cancellationToken);
        foreach (var stage in StageCatalog.Reprocessable.Where(stage => counts.Any(one => one.Name == stage.Subscription && one.DeadLettered > 0)))
            removed += await SweepAsync(stage.Subscription, cancellationToken);
        return removed;
    }

    private async Task<int> SweepAsync(string subscription, CancellationToken cancellationToken)
    {
        var removed = 0;
        long? before = null;
        var images = new HashSet<Guid>();
        for (var examined = 0; examined < MaxExamined; examined += Page)
        {
            var page = await topic.ListDeadLettersAsync(subscription, Page, before, cancellationToken);
            foreach (var dead in page)
            {
                // The newest come first: an older one of the same image is of an attempt before.
                if (dead.Event is not { } e || (images.Add(e.ImageId) && !await IsOverAsync(e, cancellationToken))
                    || !await topic.ResolveDeadLetterAsync(subscription, dead.Sequence, discard: true, cancellationToken))
                {
                    continue;
                }

                LogOver(logger, subscription, dead.Sequence, e.ImageId, dead.Reason);
                removed++;
            }

            if (page.Count < Page)
                break;
            before = page[^1].Sequence;
        }

        return removed;
    }

    // Giving up is one change of the record; the one after it is of somebody who tried again. A change of name or tags leaves it failed.
    private async Task<bool> IsOverAsync(ImageEvent e, CancellationToken cancellationToken)
    {
        var record = await catalog.GetAsync(e.ImageId, cancellationToken);
        return record is null
            || (record.Status != ImageStatus.Failed && record.Version > e.Data.Version + 1 && time.GetUtcNow() - record.UpdatedAt > Grace);
    }

    [LoggerMessage(LogLevel.Information, "Dead letter {Sequence} of {Subscription} (image {ImageId}, {Reason}) is over: the image was tried again, or deleted; removed.")]
    private static partial void LogOver(ILogger logger, string subscription, long sequence, Guid imageId, string reason);
}
