using Microsoft.Extensions.Configuration;

namespace ImageAspire.AppHost.Model;

/// <summary>
/// The Azure backend on running services, by connection strings. Its twin, <c>Azure/</c>, which also starts emulators and deploys, is
/// compiled where the feed has Aspire's Azure packages.
/// </summary>
internal static class AzureBackend
{
    private static readonly string[] Names = ["imagesdb", "images", "uploads", "messaging"];

    /// <summary>Connects the services.</summary>
    public static void AddAzureBackend(
        this IDistributedApplicationBuilder builder, AppHostSettings settings, IResourceBuilder<ProjectResource> api, IReadOnlyList<IResourceBuilder<ProjectResource>> workers)
    {
        var connections = Names.Select(name => builder.AddConnectionString(name)).ToList();
        foreach (var service in (IResourceBuilder<ProjectResource>[])[api, .. workers])
        {
            service.WithEnvironment("Backend", nameof(Backend.Azure));
            connections.ForEach(connection => service.WithReference(connection));
        }
    }

    /// <summary>The connection to Azure AI Vision.</summary>
    public static IResourceBuilder<IResourceWithConnectionString> AddAzureVision(this IDistributedApplicationBuilder builder, AppHostSettings settings) =>
        builder.AddConnectionString("vision");

    /// <summary>Validates the settings of this backend; each error names the key and what to set.</summary>
    public static void Check(SettingsReader reader, bool isRun)
    {
        var missing = Names.Where(name => string.IsNullOrEmpty(reader.Configuration.GetConnectionString(name)));
        reader.Errors.AddRange(isRun
            ? missing.Select(name => $"ConnectionStrings:{name} is missing, and --backend Azure needs it in this build. Set the environment variable ConnectionStrings__{name} (docs/configuration.md).")
            : ["This build cannot be deployed, because it was built without Aspire's Azure packages. Build where the NuGet feed has them, with -p:AspireAzure=true (docs/deploy.md)."]);
    }
}
