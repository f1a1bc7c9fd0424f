using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ImageAspire.AppHost.Model;

/// <summary>Requests a service's <c>/health</c> and reports which dependency is not healthy, and why. Aspire's own check uses the status code only.</summary>
internal sealed class ServiceHealthCheck(EndpointReference endpoint) : IHealthCheck
{
    private const int MaxBytes = 64 * 1024;

    // Longer than the service's timeout for each of its checks (3 s): its own reason is better than a timeout.
    private static readonly HttpClient Client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false })
    {
        Timeout = TimeSpan.FromSeconds(4), MaxResponseContentBufferSize = MaxBytes,
    };

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            using var answer = await Client.GetAsync(new Uri(new Uri(endpoint.Url), "/health"), cancellationToken);
            return Read(answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(cancellationToken));
        }
        catch (HttpRequestException error)
        {
            return HealthCheckResult.Unhealthy(error.HttpRequestError == HttpRequestError.ConnectionError ? "It does not listen." : $"No valid answer ({error.HttpRequestError}).");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy($"No answer within {Client.Timeout.TotalSeconds:0} s.");
        }
    }

    /// <summary>Reads a report: <c>{"status": …, "results": {"NAME": {"status": …, "description": …}}}</c>, or <c>{"status": …}</c> alone.</summary>
    internal static HealthCheckResult Read(HttpStatusCode status, byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var root = json.RootElement;
            var reasons = root.TryGetProperty("results", out var results)
                ? results.EnumerateObject().Where(one => StatusOf(one.Value) != HealthStatus.Healthy).Select(Reason).ToList() : [];
            return new HealthCheckResult(StatusOf(root), reasons.Count > 0 ? string.Join("; ", reasons) : root.GetProperty("status").GetString());
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return HealthCheckResult.Unhealthy($"HTTP {(int)status} without a report.");
        }
    }

    private static string Reason(JsonProperty check) =>
        $"{check.Name}: {(check.Value.TryGetProperty("description", out var reason) ? reason.GetString() : check.Value.GetProperty("status").GetString())}";

    private static HealthStatus StatusOf(JsonElement report) =>
        Enum.TryParse<HealthStatus>(report.GetProperty("status").GetString(), out var status) ? status : HealthStatus.Unhealthy;
}
