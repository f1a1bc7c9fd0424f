namespace ImageAspire.AppHost.Model;

/// <summary>Where the dashboard listens. Only its pages have a port that people know; the others are free ones, so that several instances run beside each other.</summary>
internal static class DashboardEndpoints
{
    private const string Pages = "ASPNETCORE_URLS";
    private const string OtlpGrpc = "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL";
    private const string OtlpHttp = "ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL";
    private const string ResourceService = "ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL";

    /// <summary>Sets those that the environment does not. Plain HTTP on loopback: no certificate has to be made or trusted.</summary>
    public static void AddDashboardEndpoints(this IDistributedApplicationBuilder builder, AppHostSettings settings)
    {
        if (!settings.IsRun)
            return;
        builder.Configuration[Pages] = $"http://localhost:{settings.DashboardPort}";
        foreach (var key in (string[])[OtlpGrpc, OtlpHttp, ResourceService])
        {
            if (string.IsNullOrEmpty(builder.Configuration[key]))
                builder.Configuration[key] = $"http://localhost:{LocalChecks.FreePort()}";
        }
    }

    /// <summary>When everything runs here without a dashboard, as in tests, nothing takes telemetry, and a service would try to send it for seconds when it ends.</summary>
    public static IResourceBuilder<T> WithoutTelemetryUnlessDashboard<T>(this IResourceBuilder<T> service)
        where T : IResourceWithEnvironment => IsOn(service.ApplicationBuilder) ? service : service.WithEnvironment("OTEL_EXPORTER_OTLP_ENDPOINT", "");

    /// <summary>Address of the dashboard's pages; null when it is off.</summary>
    public static Uri? Of(IDistributedApplicationBuilder builder) =>
        builder.ExecutionContext.IsRunMode && Uri.TryCreate(builder.Configuration[Pages]?.Split(';')[0], UriKind.Absolute, out var address) ? address : null;

    // Aspire has set who may ask its resource service when there is a dashboard to ask it.
    private static bool IsOn(IDistributedApplicationBuilder builder) => builder.Configuration["AppHost:ResourceService:AuthMode"] is not null;
}
