using ImageAspire.Api.Access;
using ImageAspire.Api.Http;
using ImageAspire.Core.Ports;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageAspire.Api.Images;

/// <summary>The trash: what is in it, with thumbnails. For whoever may delete, and may see images at all.</summary>
internal static class TrashApi
{
    private const int UsualLimit = 50;
    private static readonly QueryParameter<int> Limit = QueryParameter.Limit(ImageQuery.MaxLimit, UsualLimit);

    public static void MapTrash(this RouteGroupBuilder api)
    {
        var trash = api.MapGroup("/trash").WithTags("Trash").RequireScope(Scopes.Read).RequireScope(Scopes.Write);
        trash.MapGet("", ListAsync).WithName("ListTrash").WithSummary("The images in the trash, with deletedAt, deletedBy and purgeAt; what is purged last comes first.")
            .WithMetadata(new QueryParameters(Limit, QueryParameter.Cursor));
        trash.MapGet("/{id}/thumbnail", ContentApi.ThumbnailOfTrashAsync).WithName("GetTrashThumbnail").WithSummary("A thumbnail of an image in the trash.")
            .WithMetadata(ContentApi.ThumbnailParameters).Produces(200, contentType: "image/webp").Produces(206, contentType: "image/webp");
    }

    [ProblemStatuses(400)]
    private static async Task<Results<Ok<ImagePage>, ProblemResult>> ListAsync(HttpContext context, IImageTrash trash)
    {
        var query = new QueryReader(context.Request.Query);
        var wanted = new TrashQuery { Limit = query.Get(Limit), Cursor = query.Get(QueryParameter.Cursor) };
        if (query.Problem is not null)
            return query.Problem;
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(await trash.ListAsync(wanted, context.RequestAborted));
    }
}
