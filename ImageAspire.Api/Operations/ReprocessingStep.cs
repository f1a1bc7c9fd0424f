using ImageAspire.Core.Failpoints;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Reprocessing;
using ImageAspire.Core.Stores;

namespace ImageAspire.Api.Operations;

/// <summary>One page of a reprocessing job: examines up to 200 images and sends to the stage those that need it.</summary>
internal sealed class ReprocessingStep(IImageCatalog catalog, ITopicOperations operations, TimeProvider time)
{
    /// <summary>With so many messages a stage is busy: a job of 100,000 images must not delay current uploads.</summary>
    private const long EnoughWaiting = 1_000;

    private const int AllStatuses = 10;

    /// <summary>The job after one more page, whose transitions are committed already: storing the job may fail.</summary>
    public async Task<ReprocessingJob> ExecuteAsync(ReprocessingJob job, CancellationToken cancellationToken)
    {
        var counts = (await operations.GetStatusAsync(cancellationToken)).FirstOrDefault(one => one.Name == job.Stage);
        var queued = counts is null ? 0 : counts.Active + counts.InFlight + counts.Scheduled;
        var passes = ReprocessingRules.Passes(job);
        if (job is { Pass: 0, Cursor: null })
        {
            // Decided once: later the messages of the job itself are in the queue.
            job = job with { Total = await CountAsync(passes, cancellationToken), Stranded = queued < await CountAsync([passes[0]], cancellationToken) };
        }

        // In the first pass nothing is added that is not in the topic already, unless messages are missing.
        if (queued >= EnoughWaiting && (job.Pass > 0 || job.Stranded))
            return job with { Waiting = true };
        var page = await catalog.QueryAsync(new ImageQuery
        {
            Status = passes[job.Pass], Archived = null, Sort = ImageSort.Oldest, Limit = ImageQuery.MaxLimit, Cursor = job.Cursor,
        }, cancellationToken);
        var sent = await SendAsync(job, page.Items, cancellationToken);
        Failpoint.Hit(FailpointNames.RunPageSent);
        var last = page.Next is null;
        return job with
        {
            Waiting = false, Examined = job.Examined + page.Items.Count, Sent = job.Sent + sent,
            Pass = last ? job.Pass + 1 : job.Pass, Cursor = page.Next,
            State = last && job.Pass + 1 == passes.Count ? ReprocessingState.Done : job.State,
        };
    }

    private async Task<int> SendAsync(ReprocessingJob job, IReadOnlyList<ImageRecord> images, CancellationToken cancellationToken)
    {
        var transitions = new List<Transition>();
        foreach (var image in images)
        {
            if (ReprocessingRules.Decide(job, image, CauseOf(job)) is { } transition)
                transitions.Add(transition);
        }

        if (transitions.Count == 0)
            return 0;
        var results = await catalog.CommitAsync(transitions, cancellationToken);
        var sent = results.Count(result => result == CommitResult.Applied);
        foreach (var (transition, _) in transitions.Zip(results).Where(one => one.Second == CommitResult.Stale))
        {
            if (await catalog.TransitionAsync(transition.Event.ImageId, image => ReprocessingRules.Decide(job, image, CauseOf(job)), cancellationToken) is not null)
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

    private Cause CauseOf(ReprocessingJob job) => Cause.Now(job.StartedBy, time);
}
