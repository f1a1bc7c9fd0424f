using ImageAspire.Core.Failpoints;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Reprocessing;
using ImageAspire.Core.Stores;

namespace ImageAspire.Api.Operations;

/// <summary>One page of a run: looks at up to 200 images and sends to the stage those that it decides for.</summary>
internal sealed class ReprocessingStep(IImageCatalog catalog, ITopicOperations operations, TimeProvider time)
{
    /// <summary>With so many messages the stage has enough to do; a run of 100,000 images must not stand before an upload of now.</summary>
    private const long EnoughWaiting = 1_000;

    private const int AllStatuses = 10;

    /// <summary>The run after one more page. What it says is in the catalog already: storing it may fail.</summary>
    public async Task<ReprocessingJob> GoOnAsync(ReprocessingJob run, CancellationToken cancellationToken)
    {
        var counts = (await operations.GetStatusAsync(cancellationToken)).FirstOrDefault(one => one.Name == run.Stage);
        var coming = counts is null ? 0 : counts.Active + counts.InFlight + counts.Scheduled;
        var passes = ReprocessingRules.Passes(run);
        if (run is { Pass: 0, Cursor: null })
        {
            // Decided once: the run's own messages must not be taken for those that are missing.
            run = run with { Total = await CountAsync(passes, cancellationToken), Stranded = coming < await CountAsync([passes[0]], cancellationToken) };
        }

        // In the first pass nothing is added that is not in the topic already, unless messages are missing.
        if (coming >= EnoughWaiting && (run.Pass > 0 || run.Stranded))
            return run with { Waiting = true };
        var page = await catalog.QueryAsync(new ImageQuery
        {
            Status = passes[run.Pass], Archived = null, Sort = ImageSort.Oldest, Limit = ImageQuery.MaxLimit, Cursor = run.Cursor,
        }, cancellationToken);
        var sent = await SendAsync(run, page.Items, cancellationToken);
        Failpoint.Hit(FailpointNames.RunPageSent);
        var last = page.Next is null;
        return run with
        {
            Waiting = false, Examined = run.Examined + page.Items.Count, Sent = run.Sent + sent,
            Pass = last ? run.Pass + 1 : run.Pass, Cursor = page.Next,
            State = last && run.Pass + 1 == passes.Count ? ReprocessingState.Done : run.State,
        };
    }

    private async Task<int> SendAsync(ReprocessingJob run, IReadOnlyList<ImageRecord> images, CancellationToken cancellationToken)
    {
        var moves = new List<Transition>();
        foreach (var image in images)
        {
            if (ReprocessingRules.Decide(run, image, CauseOf(run)) is { } move)
                moves.Add(move);
        }

        if (moves.Count == 0)
            return 0;
        var results = await catalog.CommitAsync(moves, cancellationToken);
        var sent = results.Count(result => result == CommitResult.Applied);
        foreach (var (move, _) in moves.Zip(results).Where(one => one.Second == CommitResult.Stale))
        {
            if (await catalog.TransitionAsync(move.Event.ImageId, image => ReprocessingRules.Decide(run, image, CauseOf(run)), cancellationToken) is not null)
                sent++;
        }

        return sent;
    }

    private async Task<long> CountAsync(IReadOnlyList<ImageStatus> statuses, CancellationToken cancellationToken)
    {
        var names = statuses.Select(status => status.ToString()).ToList();
        var counts = await catalog.CountAsync(Facet.Status, AllStatuses, cancellationToken);
        return counts.Where(one => names.Contains(one.Value, StringComparer.OrdinalIgnoreCase)).Sum(one => one.Count);
    }

    private Cause CauseOf(ReprocessingJob run) => Cause.Now(run.StartedBy, time);
}
