using ImageAspire.Api.Access;
using ImageAspire.Api.Http;
using ImageAspire.Core.Failpoints;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Stores;

namespace ImageAspire.Api.Images;

/// <summary>
/// Changes of images on behalf of a caller. With <c>If-Match</c> a change applies to that version only, and a newer one is a problem; without it
/// the change applies to the current version.
/// </summary>
internal sealed partial class ImageCommands(IImageCatalog catalog, ImageEraser eraser, PageCache cache, ApiOptions options, TimeProvider time, ILogger<ImageCommands> logger)
{
    /// <summary>The record after a change; null when it was deleted meanwhile.</summary>
    public async Task<ImageRecord?> ReadAsync(Guid id, CancellationToken cancellationToken)
    {
        cache.Clear();
        return await catalog.GetAsync(id, cancellationToken);
    }

    /// <summary>Changes name, tags and archiving in one write; the problem when the precondition fails.</summary>
    public async Task<ProblemResult?> ChangeAsync(Guid id, ImageChange change, Caller caller, HttpContext context)
    {
        var stale = await TransitionAsync(id, record => record.DeletedAt is null ? change.Apply(record, CauseOf(caller)) : null, context);
        if (stale is null)
            Failpoint.Hit(FailpointNames.ChangeCommitted);
        return stale;
    }

    /// <summary>Moves the image to the trash, or erases its record and then its blobs; the problem when the precondition fails.</summary>
    /// <param name="id">The image.</param>
    /// <param name="purge">True to erase it, also from the trash. Without a trash every deletion erases.</param>
    /// <param name="caller">Who does it.</param>
    /// <param name="context">The request.</param>
    public async Task<ProblemResult?> DeleteAsync(Guid id, bool purge, Caller caller, HttpContext context)
    {
        ImageRecord? erased = null;
        Failpoint.Hit(FailpointNames.DeleteBeforeCommit);
        var stale = await TransitionAsync(id, record => purge || (options.TrashPeriod == TimeSpan.Zero && record.DeletedAt is null)
            ? ImageLifecycle.Purge(erased = record, CauseOf(caller)) : ImageLifecycle.Trash(record, options.TrashPeriod, CauseOf(caller)), context);
        if (stale is not null)
            return stale;
        cache.Clear();
        Failpoint.Hit(FailpointNames.DeleteCommitted);
        if (erased is not null)
            await eraser.RemoveAsync(erased, (what, error) => LogLeft(logger, what, erased.Id, error));
        return null;
    }

    /// <summary>Takes the image out of the trash; the problem when the precondition fails.</summary>
    public Task<ProblemResult?> RestoreAsync(Guid id, Caller caller, HttpContext context) =>
        TransitionAsync(id, record => ImageLifecycle.Restore(record, CauseOf(caller)), context);

    /// <summary>Sends an image to the analysis again.</summary>
    /// <exception cref="IllegalTransitionException">The image is in a status from which it cannot be analyzed.</exception>
    public async Task AnalyzeAgainAsync(Guid id, Caller caller, HttpContext context)
    {
        await context.WriteOnceAsync(() => catalog.TransitionAsync(id, record => ImageLifecycle.AnalyzeAgain(record, CauseOf(caller)), context.RequestAborted));
        Failpoint.Hit(FailpointNames.AnalyzeAgainCommitted);
    }

    private async Task<ProblemResult?> TransitionAsync(Guid id, Func<ImageRecord, Transition?> decide, HttpContext context)
    {
        ProblemResult? stale = null;
        await context.WriteOnceAsync(() => catalog.TransitionWithTrashAsync(id, record =>
        {
            stale = Preconditions.IsStale(context.Request, record) ? Problems.Stale(record.Version) : null;
            return stale is null ? decide(record) : null;
        }, context.RequestAborted));
        return stale;
    }

    private Cause CauseOf(Caller caller) => Cause.Now(caller.Name, time);

    [LoggerMessage(LogLevel.Warning, "The {What} of the erased image {ImageId} could not be removed; a sweep will.")]
    private static partial void LogLeft(ILogger logger, string what, Guid imageId, Exception error);
}
