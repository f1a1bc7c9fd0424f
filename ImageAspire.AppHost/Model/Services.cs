#pragma warning disable ASPIRECERTIFICATES001 // WithoutHttpsCertificate is marked experimental; without it the dashboard warns about a development certificate that nothing here needs.
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.DependencyInjection;

namespace ImageAspire.AppHost.Model;

/// <summary>Adds our services as resources: built projects that are restarted after a crash, and whose health has reasons.</summary>
internal static class Services
{
    /// <summary>Adds a service. It is built together with this program, so it is started without another build, which would take seconds. An IDE can debug it.</summary>
    public static IResourceBuilder<ProjectResource> AddService<TProject>(this IDistributedApplicationBuilder builder, string name)
        where TProject : IProjectMetadata, new()
    {
        var service = builder.AddProject<BuiltProject<TProject>>(name).WithOtlpExporter();
        return builder.ExecutionContext.IsRunMode
            ? service.WithoutHttpsCertificate().WithoutTelemetryUnlessDashboard().RestartAfterCrash(invalidSettings: 1)
            : service;
    }

    /// <summary>Sets the Api's port, without Aspire's proxy, which would add latency.</summary>
    public static IResourceBuilder<ProjectResource> WithApiPort(this IResourceBuilder<ProjectResource> api, AppHostSettings settings) => settings.IsRun
        ? api.WithEndpoint("http", endpoint => (endpoint.Port, endpoint.TargetPort, endpoint.IsProxied) = (settings.ApiPort, settings.ApiPort, false))
        : api.WithExternalHttpEndpoints();

    /// <summary>Passes <c>AllowedHosts</c> on: the host names to which the Api answers beside those of loopback.</summary>
    public static IResourceBuilder<ProjectResource> WithAllowedHosts(this IResourceBuilder<ProjectResource> api) =>
        api.ApplicationBuilder.Configuration["AllowedHosts"] is { Length: > 0 } names ? api.WithEnvironment("AllowedHosts", names) : api;

    /// <summary>In a deployment alarms look less often, because each look is calls of paid services, and they wait for the first Worker after a pause, which takes a while to start.</summary>
    public static IResourceBuilder<ProjectResource> WithAlarms(this IResourceBuilder<ProjectResource> api) => api.ApplicationBuilder.ExecutionContext.IsRunMode
        ? api : api.WithEnvironment("Alarms__Interval", "00:00:30").WithEnvironment("Alarms__NoWorker", "00:05:00");

    /// <summary>
    /// Sets the port of the Worker's health endpoint, on loopback only. Not in a deployment: an endpoint would be an ingress, and the Worker
    /// needs none.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithHealthPort(this IResourceBuilder<ProjectResource> worker) => worker.ApplicationBuilder.ExecutionContext.IsRunMode
        ? worker.WithHttpEndpoint(name: "http", env: "Health__Port", isProxied: false, port: LocalChecks.FreePort())
            .WithUrlForEndpoint("http", url => url.DisplayLocation = UrlDisplayLocation.DetailsOnly)
        : worker;

    /// <summary>Shows the service's health on the dashboard, with its own reasons. In a deployment the platform probes it.</summary>
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
