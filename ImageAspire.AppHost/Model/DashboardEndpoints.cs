namespace ImageAspire.AppHost.Model;

/// <summary>The dashboard's endpoints. Only its pages have a well-known port; the others use free ports, so that several instances can run at once.</summary>
internal static class DashboardEndpoints
{
    private const string Pages = "ASPNETCORE_URLS";
    private const string OtlpGrpc = "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL";
    private const string OtlpHttp = "ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL";
    private const string ResourceService = "ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL";

    /// <summary>Sets those that the environment does not. They are plain HTTP on loopback, so that no certificate is needed.</summary>
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

    /// <summary>Disables telemetry in a local run without a dashboard, as in tests: a service would otherwise try to export it for seconds at shutdown.</summary>
    public static IResourceBuilder<T> WithoutTelemetryUnlessDashboard<T>(this IResourceBuilder<T> service)
        where T : IResourceWithEnvironment => IsOn(service.ApplicationBuilder) ? service : service.WithEnvironment("OTEL_EXPORTER_OTLP_ENDPOINT", "");

    /// <summary>Address of the dashboard's pages; null when it is off.</summary>
    public static Uri? Of(IDistributedApplicationBuilder builder) =>
        builder.ExecutionContext.IsRunMode && Uri.TryCreate(builder.Configuration[Pages]?.Split(';')[0], UriKind.Absolute, out var address) ? address : null;

    // Aspire sets the authentication of its resource service only when there is a dashboard.
    private static bool IsOn(IDistributedApplicationBuilder builder) => builder.Configuration["AppHost:ResourceService:AuthMode"] is not null;
}
