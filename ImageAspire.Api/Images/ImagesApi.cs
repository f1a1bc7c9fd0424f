using ImageAspire.Api.Access;
using ImageAspire.Api.Http;
using ImageAspire.Core.Failpoints;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Stores;

namespace ImageAspire.Api.Images;

/// <summary>List, read, change, delete and re-analyze images.</summary>
internal static class ImagesApi
{
    public static void MapImages(this RouteGroupBuilder api)
    {
        var images = api.MapGroup("/images").WithTags("Images");
        images.MapGet("", ListAsync).RequireScope(Scopes.Read).WithName("ListImages").WithSummary("List and search images, one page at a time.")
            .WithMetadata(new QueryParameters([.. ListParameters.All]))
            .Produces<ImagePage>(200).WithProblems(400);
        images.MapGet("/{id}", GetAsync).RequireScope(Scopes.Read).WithName("GetImage").WithSummary("One record, always current.")
            .Produces<ImageRecord>(200).WithProblems(404);
        images.MapPatch("/{id}", PatchAsync).RequireScope(Scopes.Write).WithName("ChangeImage").WithSummary("Change name, tags or archived (JSON merge patch).")
            .WithMetadata(new MergePatchBody()).Produces<ImageRecord>(200).WithProblems(400, 404, 412, 415);
        images.MapDelete("/{id}", DeleteAsync).RequireScope(Scopes.Write).WithName("DeleteImage").WithSummary("Delete an image, its bytes and its thumbnails.")
            .Produces(204).WithProblems(404, 412);
        images.MapPost("/{id}/analyze", AnalyzeAsync).RequireScope(Scopes.Write).WithName("AnalyzeImage").WithSummary("Run the analysis again.")
            .Produces<ImageRecord>(202).WithProblems(404, 409);
    }

    /// <summary>The image id in an address; null for what cannot be one.</summary>
    public static Guid? ParseId(string id) => Guid.TryParseExact(id, "D", out var parsed) ? parsed : null;

    private static async Task<IResult> ListAsync(HttpContext context, PageCache cache)
    {
        if (ListParameters.Read(context.Request.Query, out var query) is { } problem)
            return problem;
        var page = await cache.GetAsync(query);
        var response = context.Response;
        response.Headers.ETag = page.ETag.ToString();
        response.Headers.CacheControl = "no-cache";
        if (ImageResults.NotModified(context.Request, page.ETag))
            return TypedResults.StatusCode(304);
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = page.Body.Length;
        await response.Body.WriteAsync(page.Body, context.RequestAborted);
        return TypedResults.Empty;
    }

    private static async Task<IResult> GetAsync(string id, HttpContext context, IImageCatalog catalog)
    {
        if (ParseId(id) is not { } imageId || await catalog.GetAsync(imageId, context.RequestAborted) is not { } record)
            return Problems.NoSuchImage(id);
        context.Response.Headers.ETag = ImageResults.ETag(record).ToString();
        return ImageResults.NotModified(context.Request, ImageResults.ETag(record)) ? TypedResults.StatusCode(304) : ImageResults.Record(context, record);
    }

    private static async Task<IResult> PatchAsync(string id, HttpContext context, IImageCatalog catalog, PageCache cache, TimeProvider time)
    {
        if (ParseId(id) is not { } imageId || await catalog.GetAsync(imageId, context.RequestAborted) is null)
            return Problems.NoSuchImage(id);
        var (patch, problem) = await MergePatch.ReadAsync(context.Request, context.RequestAborted);
        if (patch is null)
            return problem!;
        foreach (var step in patch.Steps())
        {
            // Name, tags and archiving are moves of their own, each with its event; the precondition guards the first.
            var moved = await TransitionAsync(context, catalog, imageId, record => step(record, CauseOf(context, time)), checkVersion: step == patch.Steps().First());
            if (moved is not null)
                return moved;
            Failpoint.Hit(FailpointNames.ChangeCommitted);
        }

        cache.Clear();
        return await catalog.GetAsync(imageId, context.RequestAborted) is { } after ? ImageResults.Record(context, after) : Problems.NoSuchImage(id);
    }

    private static async Task<IResult> DeleteAsync(
        string id, HttpContext context, IImageCatalog catalog, IBlobStore blobs, PageCache cache, TimeProvider time, ILoggerFactory loggers)
    {
        if (ParseId(id) is not { } imageId || await catalog.GetAsync(imageId, context.RequestAborted) is null)
            return Problems.NoSuchImage(id);
        ImageRecord? deleted = null;
        Failpoint.Hit(FailpointNames.DeleteBeforeCommit);
        var refused = await TransitionAsync(context, catalog, imageId, record => ImageLifecycle.Delete(deleted = record, CauseOf(context, time)), checkVersion: true);
        if (refused is not null)
            return refused;
        cache.Clear();
        Failpoint.Hit(FailpointNames.DeleteCommitted);
        if (deleted is not null)
            await BlobCleaner.RemoveAsync(deleted, blobs, loggers.CreateLogger("ImageAspire.Api.Deletion"));
        return TypedResults.NoContent();
    }

    private static async Task<IResult> AnalyzeAsync(string id, HttpContext context, IImageCatalog catalog, PageCache cache, TimeProvider time)
    {
        if (ParseId(id) is not { } imageId || await catalog.GetAsync(imageId, context.RequestAborted) is null)
            return Problems.NoSuchImage(id);
        await catalog.TransitionAsync(imageId, record => ImageLifecycle.AnalyzeAgain(record, CauseOf(context, time)), context.RequestAborted);
        Failpoint.Hit(FailpointNames.AnalyzeAgainCommitted);
        cache.Clear();
        return await catalog.GetAsync(imageId, context.RequestAborted) is { } after ? ImageResults.Record(context, after, 202) : Problems.NoSuchImage(id);
    }

    // With If-Match the caller decides on a certain version; without it the change applies to whatever is there.
    private static async Task<ProblemResult?> TransitionAsync(
        HttpContext context, IImageCatalog catalog, Guid id, Func<ImageRecord, Transition?> decide, bool checkVersion)
    {
        ProblemResult? stale = null;
        await catalog.TransitionAsync(id, record =>
        {
            stale = checkVersion && ImageResults.IsStale(context.Request, record) ? Problems.Stale(record.Version) : null;
            return stale is null ? decide(record) : null;
        }, context.RequestAborted);
        return stale;
    }

    private static Cause CauseOf(HttpContext context, TimeProvider time) => Cause.Now(Caller.Of(context).Name, time);
}
