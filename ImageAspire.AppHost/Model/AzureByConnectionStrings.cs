using Microsoft.Extensions.Configuration;

namespace ImageAspire.AppHost.Model;

/// <summary>
/// The Azure backend on services that run already, named by connection strings. Its twin, <c>Azure/</c>, which also starts emulators and
/// deploys, is compiled where the feed has Aspire's Azure packages.
/// </summary>
internal static class AzureBackend
{
    private static readonly string[] Names = ["imagesdb", "images", "uploads", "messaging"];

    /// <summary>Connects the services.</summary>
    /// <exception cref="DistributedApplicationException">Connection strings are missing, or a deployment was asked for.</exception>
    public static void AddAzureBackend(
        this IDistributedApplicationBuilder builder, AppHostSettings settings, IResourceBuilder<ProjectResource> api, IReadOnlyList<IResourceBuilder<ProjectResource>> workers)
    {
        foreach (var service in (IResourceBuilder<ProjectResource>[])[api, .. workers])
        {
            service.WithEnvironment("Backend", nameof(Backend.Azure));
            foreach (var name in Names)
                service.WithReference(builder.Resources.OfType<IResourceWithConnectionString>().SingleOrDefault(one => one.Name == name) is { } known
                    ? builder.CreateResourceBuilder(known) : builder.AddConnectionString(name));
        }
    }

    /// <summary>The connection to Azure AI Vision.</summary>
    public static IResourceBuilder<IResourceWithConnectionString> AddAzureVision(this IDistributedApplicationBuilder builder, AppHostSettings settings) =>
        builder.AddConnectionString("vision");

    /// <summary>What is missing, each with its key and what to set; empty when everything is there.</summary>
    public static IEnumerable<string> Missing(IConfiguration configuration) => Names.Where(name => string.IsNullOrEmpty(configuration.GetConnectionString(name)))
        .Select(name => $"ConnectionStrings:{name} is missing, and --backend Azure needs it in this build. Set the environment variable ConnectionStrings__{name} (docs/configuration.md).");
}
