using System.Text.Json;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ImageAspire.ServiceDefaults;

/// <summary><c>/alive</c> (the process answers) and <c>/health</c> (what it depends on answers, each tried for real).</summary>
public static class HealthEndpoints
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Maps both, open to everybody: they tell names of dependencies and nothing else.</summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        app.Map("/alive", (RequestDelegate)(context => context.Response.WriteAsync("Healthy", context.RequestAborted)));
        app.Map("/health", (RequestDelegate)WriteHealthAsync);
        return app;
    }

    private static async Task WriteHealthAsync(HttpContext context)
    {
        var services = context.RequestServices;
        (string Name, Func<CancellationToken, Task> Check)[] checks =
        [
            ("documents", token => services.GetRequiredService<IImageCatalog>().GetAsync(Guid.Empty, token)),
            ("blobs", token => WriteNothingAsync(services.GetRequiredService<IBlobStore>(), token)),
            ("topic", token => services.GetRequiredService<ITopicOperations>().ListDeadLettersAsync("inspect-image", 1, null, token)),
        ];
        var results = await Task.WhenAll(checks.Select(check => TryAsync(check.Name, check.Check, context.RequestAborted)));
        var healthy = Array.TrueForAll(results, result => result.Problem is null);
        context.Response.StatusCode = healthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("status", healthy ? "Healthy" : "Unhealthy");
        json.WriteStartObject("results");
        foreach (var (name, problem) in results)
        {
            json.WriteStartObject(name);
            json.WriteString("status", problem is null ? "Healthy" : "Unhealthy");
            if (problem is not null)
                json.WriteString("description", problem);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    // Staging opens a real file in the real store, and disposing leaves nothing.
    private static async Task WriteNothingAsync(IBlobStore blobs, CancellationToken cancellationToken)
    {
        await using var staged = await blobs.StageAsync(cancellationToken);
        await staged.Content.WriteAsync(new byte[ImageFormat.SniffLength], cancellationToken);
    }

    private static async Task<(string Name, string? Problem)> TryAsync(string name, Func<CancellationToken, Task> check, CancellationToken aborted)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        limit.CancelAfter(Patience);
        try
        {
            await check(limit.Token).WaitAsync(limit.Token);
            return (name, null);
        }
        catch (OperationCanceledException) when (!aborted.IsCancellationRequested)
        {
            return (name, $"no answer within {Patience.TotalSeconds:0} s");
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            return (name, error.GetType().Name); // what is wrong, without paths or addresses: this page is open
        }
    }
}
