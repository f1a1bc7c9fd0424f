using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace ImageAspire.Api.Http;

/// <summary>304: the client's copy is current.</summary>
internal sealed class NotModified : IResult, IStatusCodeHttpResult, IEndpointMetadataProvider
{
    public static readonly NotModified Result = new();

    public int? StatusCode => StatusCodes.Status304NotModified;

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status304NotModified, typeof(void)));

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status304NotModified;
        return Task.CompletedTask;
    }
}

/// <summary>207: one result for each part of the request.</summary>
/// <param name="value">The results.</param>
internal sealed class MultiStatus<T>(T value) : IResult, IStatusCodeHttpResult, IEndpointMetadataProvider
{
    public int? StatusCode => StatusCodes.Status207MultiStatus;

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status207MultiStatus, typeof(T), ["application/json"]));

    public Task ExecuteAsync(HttpContext httpContext) =>
        TypedResults.Json(value, statusCode: StatusCodes.Status207MultiStatus).ExecuteAsync(httpContext);
}
