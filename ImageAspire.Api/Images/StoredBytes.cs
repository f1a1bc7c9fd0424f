using System.Reflection;
using ImageAspire.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;

namespace ImageAspire.Api.Images;

/// <summary>The bytes of a blob, whole or a range of them; 304 when the client has them, and a problem when a precondition or the range does not fit.</summary>
/// <param name="bytes">The framework's result, which answers 412 and 416 without a body.</param>
internal sealed class StoredBytes(FileStreamHttpResult bytes) : IResult, IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status304NotModified, typeof(void)));
        foreach (var status in (int[])[StatusCodes.Status412PreconditionFailed, StatusCodes.Status416RangeNotSatisfiable])
            builder.Metadata.Add(new ProducesResponseTypeMetadata(status, typeof(ApiProblem), [ProblemResult.ContentType]));
    }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        await bytes.ExecuteAsync(httpContext);
        if (httpContext.Response.HasStarted || ProblemOf(httpContext.Response.StatusCode) is not { } problem)
            return;
        httpContext.Response.Headers.ContentDisposition = default;
        await problem.ExecuteAsync(httpContext);
    }

    private static ProblemResult? ProblemOf(int status) => status switch
    {
        StatusCodes.Status412PreconditionFailed => Problems.Of(status, ProblemCodes.PreconditionFailed, "The bytes are not those that If-Match or If-Unmodified-Since asks for."),
        StatusCodes.Status416RangeNotSatisfiable => Problems.Of(status, ProblemCodes.InvalidRange, "The range lies behind the end of the bytes; Content-Range has their number."),
        _ => null,
    };
}
