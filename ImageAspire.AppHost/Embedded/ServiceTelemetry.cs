namespace ImageAspire.AppHost.Embedded;

/// <summary>
/// Where the services send their telemetry, told by the standard variables of OpenTelemetry, which both .NET and Node read. With a
/// dashboard it is the dashboard, whatever the environment of AppHost says; without one, what the environment says holds.
/// </summary>
internal sealed class ServiceTelemetry
{
    private const string Attributes = "OTEL_RESOURCE_ATTRIBUTES";
    private const string Second = "1000"; // ms, as Aspire sets it for a developer's machine: what happened is seen at once

    // They would win over the general ones.
    private static readonly string[] OfOneSignal = [.. from signal in (string[])["TRACES", "METRICS", "LOGS"]
        from what in (string[])["ENDPOINT", "PROTOCOL", "HEADERS"] select $"OTEL_EXPORTER_OTLP_{signal}_{what}"];

    private readonly Dictionary<string, string> _target = [];

    private ServiceTelemetry()
    {
    }

    /// <summary>To nobody but those whom the environment names.</summary>
    public static ServiceTelemetry Inherited { get; } = new();

    /// <summary>To a dashboard.</summary>
    /// <param name="endpoint">Where it takes OTLP over HTTP.</param>
    /// <param name="key">What it wants to be shown.</param>
    public static ServiceTelemetry To(Uri endpoint, string key)
    {
        var telemetry = new ServiceTelemetry
        {
            _target =
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = endpoint.ToString(),
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                ["OTEL_EXPORTER_OTLP_HEADERS"] = $"x-otlp-api-key={key}",
                ["OTEL_METRIC_EXPORT_INTERVAL"] = Second,
                ["OTEL_BSP_SCHEDULE_DELAY"] = Second,
                ["OTEL_BLRP_SCHEDULE_DELAY"] = Second,
                ["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based",
            },
        };
        foreach (var name in OfOneSignal.Where(name => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name))))
            telemetry._target[name] = ""; // as if it were not set
        return telemetry;
    }

    /// <summary>The variables of a service. The dashboard calls it by its instance, as AppHost does.</summary>
    /// <param name="service">Name that all its instances share.</param>
    /// <param name="instance">Name of this one.</param>
    public IReadOnlyDictionary<string, string> Of(string service, string instance)
    {
        var given = Environment.GetEnvironmentVariable(Attributes);
        return new Dictionary<string, string>(_target)
        {
            ["OTEL_SERVICE_NAME"] = service,
            [Attributes] = (string.IsNullOrEmpty(given) ? "" : given.TrimEnd(',') + ",") + $"service.instance.id={instance}",
        };
    }
}
