using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;

namespace ImageAspire.Api.Http;

/// <summary>A problem as the result of an endpoint. Which statuses an endpoint may return is declared with <see cref="ProblemStatusesAttribute"/>.</summary>
/// <param name="status">HTTP status.</param>
/// <param name="code">Stable code.</param>
/// <param name="detail">What is wrong and what to do.</param>
/// <param name="retryAfterSeconds">Value of Retry-After; null for none.</param>
internal sealed class ProblemResult(int status, string code, string detail, int? retryAfterSeconds = null) : IResult, IStatusCodeHttpResult, IEndpointMetadataProvider
{
    public const string ContentType = "application/problem+json";

    public ApiProblem Problem => new($"/problems/{code}", Title(status), status, code, detail);

    public int? StatusCode => status;

    /// <summary>Value of Retry-After, in seconds; null for none.</summary>
    public int? RetryAfterSeconds => retryAfterSeconds;

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        foreach (var one in method.GetCustomAttribute<ProblemStatusesAttribute>()?.Statuses ?? [])
            builder.Metadata.Add(new ProducesResponseTypeMetadata(one, typeof(ApiProblem), [ContentType]));
    }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = status;
        response.ContentType = ContentType;
        response.Headers.CacheControl = "no-store";
        if (retryAfterSeconds is { } seconds)
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        var problem = Problem with { TraceId = Activity.Current?.TraceId.ToHexString() };
        var body = JsonSerializer.SerializeToUtf8Bytes(problem, ApiJson.Default.ApiProblem);
        response.ContentLength = body.Length;
        return HttpMethods.IsHead(httpContext.Request.Method)
            ? Task.CompletedTask
            : response.Body.WriteAsync(body, httpContext.RequestAborted).AsTask();
    }

    private static string Title(int status) => status switch
    {
        400 => "The request is malformed",
        401 => "A key is needed",
        403 => "Not allowed",
        404 => "Not found",
        405 => "Method not allowed",
        408 => "Too slow",
        409 => "Not possible in this state",
        410 => "No longer there",
        412 => "A precondition is not met",
        413 => "Too large",
        415 => "Not an accepted type",
        416 => "Not a range of this",
        423 => "Locked by another request",
        429 => "Too many requests",
        460 => "Checksum mismatch",
        503 => "Not available right now",
        507 => "No space left",
        _ => "Something went wrong",
    };
}

/// <summary>The statuses of the problems that a handler may return, for the OpenAPI document.</summary>
/// <param name="statuses">HTTP statuses, beside those of every endpoint: 401, 403 and 429.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ProblemStatusesAttribute(params int[] statuses) : Attribute
{
    public int[] Statuses => statuses;
}
