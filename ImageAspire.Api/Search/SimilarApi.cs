using ImageAspire.Api.Access;
using ImageAspire.Api.Http;
using ImageAspire.Api.Images;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageAspire.Api.Search;

/// <summary>Images like another one.</summary>
internal static class SimilarApi
{
    public static void MapSimilar(this RouteGroupBuilder api) => api.MapGet("/images/{id}/similar", ListAsync).RequireScope(Scopes.Read).WithTags("Images")
        .WithName("ListSimilarImages").WithSummary("Images like this one: near-duplicates first, then alike ones, best first.")
        .WithMetadata(new QueryParameters([.. ImageFilters.Parameters]));

    [ProblemStatuses(400, 404, 409)]
    private static async Task<Results<Ok<SimilarPage>, ProblemResult>> ListAsync(string id, HttpContext context, IImageCatalog catalog, SimilarImages similar)
    {
        var query = new QueryReader(context.Request.Query);
        var filter = ImageFilters.Read(query);
        if (query.Problem is not null)
            return query.Problem;
        var found = await catalog.LookUpAsync(id, context.RequestAborted);
        if (found.Value is not { } record)
            return found.Problem!;
        if (record is { Status: ImageStatus.Received, PerceptualHash: null })
            return Problems.Of(409, ProblemCodes.NotInspected, "The image has not been inspected yet; try again in a moment.", retryAfterSeconds: 1);
        try
        {
            context.Response.Headers.CacheControl = "no-cache";
            return TypedResults.Ok(await similar.FindAsync(record, filter, context.RequestAborted));
        }
        catch (VectorIndexTooLargeException error)
        {
            return Problems.Of(409, ProblemCodes.NotSupported, error.Message);
        }
    }
}
