using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ImageAspire.Vision.Api;

/// <summary>
/// Runs what a request asks for, within the limits of the service. When the client goes away, the work ends. Texts, which take milliseconds and
/// for which somebody searches, have a queue of their own: they do not wait for images.
/// </summary>
internal sealed class ApiWork(Readiness readiness, AnalysisQueue queue, [FromKeyedServices(ApiWork.Texts)] AnalysisQueue texts, ImageBodies bodies)
{
    /// <summary>The key of the queue of texts.</summary>
    public const string Texts = "texts";

    /// <summary>Reads the image of a request and looks at it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="look">Gets the image, which can seek and is gone when this ends.</param>
    /// <exception cref="ApiException">400, 408, 415, 500, 503.</exception>
    public async Task<T> OnImageAsync<T>(HttpContext context, Func<Stream, CancellationToken, Task<T>> look)
    {
        readiness.Check();
        using var place = queue.Enter(ImageBodies.Announced(context.Request));
        await using var image = await bodies.ReadImageAsync(context.Request);
        return await queue.RunAsync(token => look(image, token), context.RequestAborted);
    }

    /// <summary>Reads the JSON of a request and computes with it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="type">Of its body.</param>
    /// <param name="compute">Gets the body; null when it is something else.</param>
    /// <exception cref="ApiException">400, 408, 415, 500, 503.</exception>
    public async Task<T> OnJsonAsync<TBody, T>(HttpContext context, JsonTypeInfo<TBody> type, Func<TBody?, CancellationToken, T> compute)
        where TBody : class
    {
        readiness.Check();
        using var place = texts.Enter(ImageBodies.MaxJsonBytes);
        var body = await bodies.ReadJsonAsync(context.Request, type);
        return await texts.RunAsync(token => Task.FromResult(compute(body, token)), context.RequestAborted);
    }
}
