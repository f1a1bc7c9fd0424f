using System.Globalization;
using System.Net;
using System.Text.Json;
using ImageAspire.Dashboard.Resources;

namespace ImageAspire.AppHost.Embedded;

/// <summary>What a service said about itself.</summary>
/// <param name="IsReady">Whether it has come up.</param>
/// <param name="Reports">Its checks; what it said as a whole when it names none.</param>
internal sealed record HealthAnswer(bool IsReady, IReadOnlyList<HealthReport> Reports)
{
    public ResourceHealth Worst { get; } = Reports.Select(one => one.Health).DefaultIfEmpty(ResourceHealth.Healthy).Max();
}

/// <summary>Asks a service how it is.</summary>
internal sealed class HealthQuestion : IDisposable
{
    private const string Whole = "health";
    private const string ComingUp = "Starting";
    private const int MaxBytes = 64 * 1024;
    private const int MaxReason = 500;

    // Longer than a service gives each of its checks (3 s): its own reason says more than silence.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3.5);
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false })
    {
        Timeout = Patience, MaxResponseContentBufferSize = MaxBytes,
    };

    /// <summary>Asks. Whatever happens is an answer.</summary>
    /// <exception cref="OperationCanceledException">The answer is no longer wanted.</exception>
    public async Task<HealthAnswer> AskAsync(Uri address, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await _client.GetAsync(address, cancellationToken);
            return Read(answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Bad(string.Create(CultureInfo.InvariantCulture, $"no answer within {Patience.TotalSeconds} s"));
        }
        catch (HttpRequestException error)
        {
            return Bad(error.HttpRequestError == HttpRequestError.ConnectionError ? "no connection" : $"no valid answer ({error.HttpRequestError})");
        }
    }

    public void Dispose() => _client.Dispose();

    private static HealthAnswer Read(HttpStatusCode status, byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var whole = json.RootElement.GetProperty("status").GetString();
            if (whole == ComingUp)
                return new HealthAnswer(false, [new HealthReport(Whole, ResourceHealth.Degraded, "still starting")]);
            var reports = json.RootElement.TryGetProperty("results", out var results)
                ? results.EnumerateObject().Select(one => Report(one.Name, one.Value)).OrderBy(one => one.Name, StringComparer.Ordinal).ToList()
                : [];
            return new HealthAnswer(true, reports.Count > 0 ? reports : [new HealthReport(Whole, HealthOf(whole), "")]);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return Bad($"HTTP {(int)status} without a report");
        }
    }

    private static HealthReport Report(string name, JsonElement result)
    {
        var reason = result.TryGetProperty("description", out var description) ? description.GetString() ?? "" : "";
        return new HealthReport(name, HealthOf(result.GetProperty("status").GetString()), reason.Length > MaxReason ? reason[..MaxReason] + "…" : reason);
    }

    private static ResourceHealth HealthOf(string? status) =>
        Enum.TryParse<ResourceHealth>(status, out var health) && Enum.IsDefined(health) ? health : ResourceHealth.Unhealthy;

    private static HealthAnswer Bad(string reason) => new(false, [new HealthReport(Whole, ResourceHealth.Unhealthy, reason)]);
}
