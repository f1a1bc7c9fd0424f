using ImageAspire.Api.Access;
using ImageAspire.Api.Http;
using ImageAspire.Core.Failpoints;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Stores;

namespace ImageAspire.Api.Images;

/// <summary>
/// Changes of images on behalf of a caller. With <c>If-Match</c> a change applies to that version only, and a newer one is a problem; without it
/// the change applies to the current version.
/// </summary>
internal sealed class ImageCommands(IImageCatalog catalog, BlobCleaner blobs, PageCache cache, TimeProvider time)
{
    /// <summary>The id of an existing image; null when there is none.</summary>
    public async Task<Guid?> FindAsync(string id, CancellationToken cancellationToken) =>
        ImagesApi.ParseId(id) is { } imageId && await catalog.GetAsync(imageId, cancellationToken) is not null ? imageId : null;

    /// <summary>The record after a change; null when it was deleted meanwhile.</summary>
    public async Task<ImageRecord?> ReadAsync(Guid id, CancellationToken cancellationToken)
    {
        cache.Clear();
        return await catalog.GetAsync(id, cancellationToken);
    }

    /// <summary>Changes name, tags and archiving in one write; the problem when the precondition fails.</summary>
    public async Task<ProblemResult?> ChangeAsync(Guid id, ImageChange change, Caller caller, HttpContext context)
    {
        var stale = await TransitionAsync(id, record => change.Apply(record, CauseOf(caller)), context);
        if (stale is null)
            Failpoint.Hit(FailpointNames.ChangeCommitted);
        return stale;
    }

    /// <summary>Deletes the record and then its blobs; the problem when the precondition fails.</summary>
    public async Task<ProblemResult?> DeleteAsync(Guid id, Caller caller, HttpContext context)
    {
        ImageRecord? deleted = null;
        Failpoint.Hit(FailpointNames.DeleteBeforeCommit);
        if (await TransitionAsync(id, record => ImageLifecycle.Delete(deleted = record, CauseOf(caller)), context) is { } stale)
            return stale;
        cache.Clear();
        Failpoint.Hit(FailpointNames.DeleteCommitted);
        if (deleted is not null)
            await blobs.RemoveAsync(deleted);
        return null;
    }

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
        await context.WriteOnceAsync(() => catalog.TransitionAsync(id, record =>
        {
            stale = Preconditions.IsStale(context.Request, record) ? Problems.Stale(record.Version) : null;
            return stale is null ? decide(record) : null;
        }, context.RequestAborted));
        return stale;
    }

    private Cause CauseOf(Caller caller) => Cause.Now(caller.Name, time);
}
