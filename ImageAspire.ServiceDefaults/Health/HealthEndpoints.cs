using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace ImageAspire.ServiceDefaults.Health;

/// <summary>
/// <c>/alive</c> (the process answers) and <c>/health</c> (its dependencies answer real requests). The names are the same with every
/// backend, because the checks go through the ports. Mapped in every environment: Container Apps probes them in production.
/// </summary>
public static class HealthEndpoints
{
    /// <summary>Tag of a check that logs itself what it reports; of others, changes are logged here.</summary>
    public const string LoggedTag = "logged";

    internal const string Alive = "/alive";
    internal const string Health = "/health";

    /// <summary>Maps both without authentication: they show only the names of dependencies and their errors.</summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        // Probed about every second: they would dominate the metrics of requests.
        app.MapGet(Alive, WriteAliveAsync).DisableHttpMetrics().AllowAnonymous();
        app.MapGet(Health, context => WriteHealthAsync(context, context.RequestServices.GetRequiredService<HealthReader>())).DisableHttpMetrics().AllowAnonymous();
        return app;
    }

    internal static void AddHealthReader(this IServiceCollection services)
    {
        services.AddHealthChecks();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<HealthReader>();
        // ASP.NET's service logs every result of every request; the reader logs changes only.
        services.AddLogging(logging => logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None));
    }

    internal static Task WriteAliveAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentType = "text/plain";
        return context.Response.WriteAsync(nameof(HealthStatus.Healthy), context.RequestAborted);
    }

    /// <summary>200 when all checks are healthy or degraded, 503 when one is unhealthy.</summary>
    internal static async Task WriteHealthAsync(HttpContext context, HealthReader reader)
    {
        var report = await reader.ReadAsync(context.RequestAborted);
        context.Response.StatusCode = report.Status == HealthStatus.Unhealthy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("status", report.Status.ToString());
        json.WriteStartObject("results");
        foreach (var (name, result) in report.Entries)
        {
            json.WriteStartObject(name);
            json.WriteString("status", result.Status.ToString());
            if (result.Description is { } description)
                json.WriteString("description", description);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}
