namespace ImageAspire.AppHost.Azure;

/// <summary>What connects the services with Aspire's dashboard when everything runs here. A deployment has none of it: see docs/deploy.md.</summary>
internal static class Observation
{
    // The address of the dashboard, as Aspire itself reads it.
    private const string DashboardKey = "ASPNETCORE_URLS";

    /// <summary>The gallery's links to traces lead to Aspire's dashboard.</summary>
    public static IResourceBuilder<ProjectResource> WithTraceLinks(this IResourceBuilder<ProjectResource> api)
    {
        var builder = api.ApplicationBuilder;
        var address = builder.Configuration[DashboardKey]?.Split(';')[0];
        return builder.ExecutionContext.IsRunMode && Uri.TryCreate(address, UriKind.Absolute, out var dashboard)
            ? api.WithEnvironment("Api__TraceUrl", $"{dashboard.GetLeftPart(UriPartial.Authority)}/traces/detail/{{traceId}}")
            : api;
    }

    /// <summary>
    /// The Worker's health on the dashboard. It listens on loopback only, and only when a port is named. Not when deployed: an endpoint
    /// would be an ingress, and nobody has to reach the Worker.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithHealthWhenRun(this IResourceBuilder<ProjectResource> worker) =>
        worker.ApplicationBuilder.ExecutionContext.IsRunMode
            ? worker.WithHttpEndpoint(name: "health", env: "Health__Port")
                .WithUrlForEndpoint("health", url => url.DisplayLocation = UrlDisplayLocation.DetailsOnly)
                .WithHttpHealthCheck("/health", endpointName: "health")
            : worker;
}
