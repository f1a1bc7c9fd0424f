#pragma warning disable ASPIRECERTIFICATES001 // WithoutHttpsCertificate is marked experimental; without it the dashboard warns about a development certificate that nothing here needs.
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.DependencyInjection;

namespace ImageAspire.AppHost.Model;

/// <summary>Our services as resources: projects that are built already, that come back after a crash, and whose health has reasons.</summary>
internal static class Services
{
    /// <summary>Adds a service. It was built together with this program, so it is started without being built once more (seconds of each start). An IDE debugs it as any project.</summary>
    public static IResourceBuilder<ProjectResource> AddService<TProject>(this IDistributedApplicationBuilder builder, string name)
        where TProject : IProjectMetadata, new()
    {
        var service = builder.AddProject<BuiltProject<TProject>>(name).WithOtlpExporter();
        return builder.ExecutionContext.IsRunMode
            ? service.WithoutHttpsCertificate().WithoutTelemetryUnlessDashboard().RestartAfterCrash(wrongSettings: 1)
            : service;
    }

    /// <summary>The Api listens on its port itself; a proxy in front of it would only cost time.</summary>
    public static IResourceBuilder<ProjectResource> WithApiPort(this IResourceBuilder<ProjectResource> api, AppHostSettings settings) => settings.IsRun
        ? api.WithEndpoint("http", endpoint => (endpoint.Port, endpoint.TargetPort, endpoint.IsProxied) = (settings.ApiPort, settings.ApiPort, false))
        : api.WithExternalHttpEndpoints();

    /// <summary>
    /// A port for the Worker's health. It listens on loopback only, and only when a port is named. Not when deployed: an endpoint would be an
    /// ingress, and nothing has to reach the Worker.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithHealthPort(this IResourceBuilder<ProjectResource> worker) => worker.ApplicationBuilder.ExecutionContext.IsRunMode
        ? worker.WithHttpEndpoint(name: "http", env: "Health__Port", isProxied: false, port: LocalChecks.FreePort())
            .WithUrlForEndpoint("http", url => url.DisplayLocation = UrlDisplayLocation.DetailsOnly)
        : worker;

    /// <summary>Health on the dashboard, with the reasons that the service itself gives. Deployed, the platform probes it.</summary>
    public static IResourceBuilder<ProjectResource> WithServiceHealth(this IResourceBuilder<ProjectResource> service)
    {
        var builder = service.ApplicationBuilder;
        if (!builder.ExecutionContext.IsRunMode)
            return service;
        var (key, endpoint) = ($"{service.Resource.Name} health", service.GetEndpoint("http"));
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(key, _ => new ServiceHealthCheck(endpoint), HealthStatus.Unhealthy, tags: null));
        return service.WithHealthCheck(key);
    }

    private sealed class BuiltProject<TProject> : IProjectMetadata
        where TProject : IProjectMetadata, new()
    {
        private static readonly TProject Project = new();

        public string ProjectPath => Project.ProjectPath;

        public bool SuppressBuild => true;
    }
}
