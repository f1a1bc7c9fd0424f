using System.Text.Json;
using ImageAspire.Tests.Hostile;

namespace ImageAspire.Tests.EndToEnd;

/// <summary>A span as Aspire's dashboard has it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="ParentId">Of the span around it; empty for the root.</param>
/// <param name="Service">Who sent it.</param>
/// <param name="Kind">1 internal, 2 server, 3 client, 4 producer, 5 consumer (OTLP).</param>
/// <param name="Name">Its name.</param>
/// <param name="Attributes">Strings only.</param>
/// <param name="Failed">Whether its status is an error.</param>
internal sealed record DashboardSpan(string Id, string ParentId, string Service, int Kind, string Name, IReadOnlyDictionary<string, string> Attributes, bool Failed)
{
    public string? this[string attribute] => Attributes.GetValueOrDefault(attribute);
}

/// <summary>The telemetry API of Aspire's dashboard (OTLP in JSON). Linux: it finds the dashboard's process.</summary>
internal sealed class TelemetryOfDashboard : IDisposable
{
    private readonly HttpClient _client;

    public TelemetryOfDashboard(AppHostProcess app)
    {
        var dashboard = new Uri(app.Printed("Dashboard"));
        _client = new HttpClient { BaseAddress = new Uri(dashboard, "/api/telemetry/") };
        // Aspire makes a new key at each start, and only the dashboard's own environment has it.
        var process = Processes.WithVariable("DASHBOARD__FRONTEND__PUBLICURL", dashboard.GetLeftPart(UriPartial.Authority)).ShouldHaveSingleItem();
        _client.DefaultRequestHeaders.Add("X-API-Key", Processes.VariableOf(process, "DASHBOARD__API__PRIMARYAPIKEY"));
    }

    /// <summary>Every span of a trace that has arrived; none while the trace is unknown.</summary>
    public async Task<List<DashboardSpan>> TraceAsync(string traceId)
    {
        using var answer = await _client.GetAsync(new Uri($"traces/{traceId}", UriKind.Relative));
        if (!answer.IsSuccessStatusCode)
            return [];
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return
        [
            .. from resource in json.RootElement.GetProperty("data").GetProperty("resourceSpans").EnumerateArray()
            let service = AttributesOf(resource.GetProperty("resource"))["service.name"]
            from scope in resource.GetProperty("scopeSpans").EnumerateArray()
            from span in scope.GetProperty("spans").EnumerateArray()
            select new DashboardSpan(
                span.GetProperty("spanId").GetString()!, span.TryGetProperty("parentSpanId", out var parent) ? parent.GetString()! : "", service,
                span.GetProperty("kind").GetInt32(), span.GetProperty("name").GetString()!, AttributesOf(span),
                span.TryGetProperty("status", out var status) && status.TryGetProperty("code", out var code) && code.GetInt32() == 2),
        ];
    }

    /// <summary>Names of the services that have sent something.</summary>
    public async Task<List<string>> ServicesAsync()
    {
        using var json = JsonDocument.Parse(await _client.GetStringAsync(new Uri("resources", UriKind.Relative)));
        return [.. json.RootElement.EnumerateArray().Select(one => one.GetProperty("name").GetString()!)];
    }

    public void Dispose() => _client.Dispose();

    private static Dictionary<string, string> AttributesOf(JsonElement owner) => !owner.TryGetProperty("attributes", out var attributes) ? []
        : attributes.EnumerateArray().Where(one => one.GetProperty("value").TryGetProperty("stringValue", out _))
            .ToDictionary(one => one.GetProperty("key").GetString()!, one => one.GetProperty("value").GetProperty("stringValue").GetString()!);
}
