using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace ImageAspire.Vision.Api;

/// <summary>Runs what a request asks for, within the limits of the service. When the client goes away, the work ends.</summary>
internal sealed class ApiWork(Readiness readiness, AnalysisQueue queue, ImageBodies bodies)
{
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
        using var place = queue.Enter(ImageBodies.MaxJsonBytes);
        var body = await bodies.ReadJsonAsync(context.Request, type);
        return await queue.RunAsync(token => Task.FromResult(compute(body, token)), context.RequestAborted);
    }
}
