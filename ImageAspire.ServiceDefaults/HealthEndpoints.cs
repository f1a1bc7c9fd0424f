using System.Text.Json;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ImageAspire.ServiceDefaults;

/// <summary>
/// <c>/alive</c> (the process answers) and <c>/health</c> (what it depends on answers, each tried for real). In both editions the same
/// names, because the checks go through the ports. Mapped in every environment: Container Apps asks for them in production.
/// </summary>
public static class HealthEndpoints
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Maps both, open to everybody: they tell names of dependencies and nothing else.</summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        app.MapHealthChecks("/alive", new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks("/health", new HealthCheckOptions { ResponseWriter = WriteAsync });
        return app;
    }

    /// <summary>Adds a check for each port.</summary>
    internal static void AddPortChecks(this IServiceCollection services) => services.AddHealthChecks()
        .Add(Check("documents", (provider, token) => provider.GetRequiredService<IImageCatalog>().GetAsync(Guid.Empty, token)))
        .Add(Check("blobs", (provider, token) => TryBlobsAsync(provider.GetRequiredService<IBlobStore>(), token)))
        .Add(Check("topic", (provider, token) => provider.GetRequiredService<ITopicOperations>().ProbeAsync(token)));

    private static HealthCheckRegistration Check(string name, Func<IServiceProvider, CancellationToken, Task> attempt) =>
        new(name, provider => new PortCheck(token => attempt(provider, token)), HealthStatus.Unhealthy, tags: null, Patience);

    // Staging opens a real file, and disposing leaves nothing; the look for a blob asks the store itself, wherever that is.
    private static async Task TryBlobsAsync(IBlobStore blobs, CancellationToken cancellationToken)
    {
        await using var staged = await blobs.StageAsync(cancellationToken);
        await staged.Content.WriteAsync(new byte[ImageFormat.SniffLength], cancellationToken);
        await blobs.StatAsync(BlobNames.Original(new string('0', 64), Guid.Empty), cancellationToken);
    }

    private static async Task WriteAsync(HttpContext context, HealthReport report)
    {
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

    /// <summary>Tries a port. A client of a driver may not look at its token at once; the answer does not wait for it.</summary>
    private sealed class PortCheck(Func<CancellationToken, Task> attempt) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            try
            {
                await attempt(cancellationToken).WaitAsync(cancellationToken);
                return HealthCheckResult.Healthy();
            }
            catch (OperationCanceledException)
            {
                return HealthCheckResult.Unhealthy($"no answer within {Patience.TotalSeconds:0} s");
            }
            catch (Exception error)
            {
                // What is wrong, without paths or addresses: this page is open. The log has the rest.
                return HealthCheckResult.Unhealthy(error.GetType().Name, error);
            }
        }
    }
}
