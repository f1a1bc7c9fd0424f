using ImageAspire.Api.Access;
using ImageAspire.Api.Http;
using ImageAspire.Api.Search;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageAspire.Api.Images;

/// <summary>List, read, change, delete and re-analyze images.</summary>
internal static class ImagesApi
{
    private static readonly QueryParameter<bool> Purge = QueryParameter.OneOf("purge", false, "false", ("true", true), ("false", false));

    public static void MapImages(this RouteGroupBuilder api)
    {
        var images = api.MapGroup("/images").WithTags("Images");
        images.MapGet("", ListAsync).RequireScope(Scopes.Read).WithName("ListImages").WithSummary("List and search images, one page at a time.")
            .WithMetadata(ImageListQuery.Parameters).Produces<ImageListPage>(200);
        images.MapGet("/{id}", GetAsync).RequireScope(Scopes.Read).WithName("GetImage").WithSummary("One record, always current; with wait, when its analysis has ended.")
            .WithMetadata(new QueryParameters(RecordReader.Wait));
        images.MapPatch("/{id}", PatchAsync).RequireScope(Scopes.Write).WithName("ChangeImage").WithSummary("Change name, tags or archived (JSON merge patch).")
            .WithMetadata(new MergePatchBody());
        images.MapDelete("/{id}", DeleteAsync).RequireScope(Scopes.Write).WithName("DeleteImage").WithSummary("Move an image to the trash; with purge=true, or where there is no trash, erase it, its bytes and its thumbnails.")
            .WithMetadata(new QueryParameters(Purge));
        images.MapPost("/{id}/restore", RestoreAsync).RequireScope(Scopes.Write).WithName("RestoreImage").WithSummary("Take an image out of the trash.");
        images.MapPost("/{id}/analyze", AnalyzeAsync).RequireScope(Scopes.Write).WithName("AnalyzeImage").WithSummary("Run the analysis again.");
    }

    /// <summary>The image id in an address; null for what cannot be one.</summary>
    public static Guid? ParseId(string id) => Guid.TryParseExact(id, "D", out var parsed) ? parsed : null;

    [ProblemStatuses(400)]
    private static async Task<Results<Utf8ContentHttpResult, NotModified, ProblemResult>> ListAsync(HttpContext context, PageCache cache)
    {
        var query = ImageListQuery.Read(context.Request);
        if (query.Problem is not null)
            return query.Problem;
        var page = await cache.GetAsync(query.Value!);
        context.Response.Headers.ETag = page.ETag.ToString();
        context.Response.Headers.CacheControl = "no-cache";
        return Preconditions.IsNotModified(context.Request, page.ETag) ? NotModified.Result : TypedResults.Text(page.Body, "application/json; charset=utf-8");
    }

    [ProblemStatuses(400, 404, 503)]
    private static async Task<Results<Ok<ImageRecord>, NotModified, ProblemResult>> GetAsync(string id, HttpContext context, IImageCatalog catalog, RecordReader records)
    {
        var query = new QueryReader(context.Request.Query);
        var patience = query.Get(RecordReader.Wait);
        if (query.Problem is { } invalid)
            return invalid;
        if (ParseId(id) is not { } imageId)
            return Problems.NoSuchImage(id);
        var read = await records.ReadAsync(imageId, patience, context);
        if (read.Problem is { } problem)
            return problem;
        if (read.Value is not { } record)
            return (await catalog.LookUpAsync(id, context.RequestAborted)).Problem ?? Problems.NoSuchImage(id);
        context.Response.SetRecordHeaders(record);
        return Preconditions.IsNotModified(context.Request, Preconditions.ETag(record)) ? NotModified.Result : TypedResults.Ok(record);
    }

    [ProblemStatuses(400, 404, 412, 415)]
    private static async Task<Results<Ok<ImageRecord>, NoContent, ProblemResult>> PatchAsync(string id, HttpContext context, IImageCatalog catalog, ImageCommands commands)
    {
        var found = await catalog.LookUpAsync(id, context.RequestAborted);
        if (found.Value is not { Id: var imageId })
            return found.Problem!;
        var change = await ImageChange.Body.ReadAsync(context.Request, context.RequestAborted);
        if (change.Problem is not null)
            return change.Problem;
        if (await commands.ChangeAsync(imageId, change.Value!, Caller.Of(context), context) is { } stale)
            return stale;
        if (await commands.ReadAsync(imageId, context.RequestAborted) is not { } record)
            return Problems.NoSuchImage(id);
        context.Response.SetRecordHeaders(record);
        return Caller.Of(context).MayRead ? TypedResults.Ok(record) : TypedResults.NoContent();
    }

    [ProblemStatuses(400, 404, 412)]
    private static async Task<Results<NoContent, ProblemResult>> DeleteAsync(string id, HttpContext context, IImageCatalog catalog, ImageCommands commands)
    {
        var query = new QueryReader(context.Request.Query);
        var purge = query.Get(Purge);
        if (query.Problem is not null)
            return query.Problem;
        var found = purge ? await catalog.LookUpWithTrashAsync(id, context.RequestAborted) : await catalog.LookUpAsync(id, context.RequestAborted);
        if (found.Value is not { Id: var imageId })
            return found.Problem!;
        return await commands.DeleteAsync(imageId, purge, Caller.Of(context), context) is { } stale ? stale : TypedResults.NoContent();
    }

    [ProblemStatuses(404, 412)]
    private static async Task<Results<Ok<ImageRecord>, NoContent, ProblemResult>> RestoreAsync(string id, HttpContext context, IImageCatalog catalog, ImageCommands commands)
    {
        var found = await catalog.LookUpWithTrashAsync(id, context.RequestAborted);
        if (found.Value is not { Id: var imageId })
            return found.Problem!;
        if (await commands.RestoreAsync(imageId, Caller.Of(context), context) is { } stale)
            return stale;
        if (await commands.ReadAsync(imageId, context.RequestAborted) is not { } record)
            return Problems.NoSuchImage(id);
        context.Response.SetRecordHeaders(record);
        return Caller.Of(context).MayRead ? TypedResults.Ok(record) : TypedResults.NoContent();
    }

    [ProblemStatuses(404, 409)]
    private static async Task<Results<Accepted<ImageRecord>, ProblemResult>> AnalyzeAsync(string id, HttpContext context, IImageCatalog catalog, ImageCommands commands)
    {
        var found = await catalog.LookUpAsync(id, context.RequestAborted);
        if (found.Value is not { Id: var imageId })
            return found.Problem!;
        await commands.AnalyzeAgainAsync(imageId, Caller.Of(context), context);
        if (await commands.ReadAsync(imageId, context.RequestAborted) is not { } record)
            return Problems.NoSuchImage(id);
        context.Response.SetRecordHeaders(record);
        return TypedResults.Accepted((string?)null, Caller.Of(context).MayRead ? record : null); // without a body for whoever may not
    }
}
