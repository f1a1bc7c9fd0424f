using ImageAspire.ServiceBusEmulator.Hosting;
using Microsoft.Extensions.Configuration;

namespace ImageAspire.AppHost.Model;

/// <summary>
/// The Azure backend on running services, by connection strings; without one for the topic, our Service Bus emulator is started. Its twin, <c>Azure/</c>,
/// which also starts emulators in containers and deploys, is compiled where the feed has Aspire's Azure packages.
/// </summary>
internal static class AzureBackend
{
    private const string Messaging = "messaging";
    private static readonly string[] Stores = ["imagesdb", "images", "uploads"];

    /// <summary>Connects the services.</summary>
    public static void AddAzureBackend(
        this IDistributedApplicationBuilder builder, AppHostSettings settings, IResourceBuilder<ProjectResource> api, IReadOnlyList<IResourceBuilder<ProjectResource>> workers)
    {
        var hasMessaging = IsSet(builder.Configuration, Messaging);
        var connections = (hasMessaging ? [.. Stores, Messaging] : Stores).Select(name => builder.AddConnectionString(name)).ToList();
        var emulator = hasMessaging ? null : builder.AddMessagingEmulator(settings);
        foreach (var service in (IResourceBuilder<ProjectResource>[])[api, .. workers])
        {
            service.WithEnvironment("Backend", nameof(Backend.Azure));
            connections.ForEach(connection => service.WithReference(connection));
            if (emulator is not null)
                service.WithReference(emulator).WithAdministration(emulator).WaitFor(emulator);
        }
    }

    /// <summary>The connection to Azure AI Vision.</summary>
    public static IResourceBuilder<IResourceWithConnectionString> AddAzureVision(this IDistributedApplicationBuilder builder, AppHostSettings settings) =>
        builder.AddConnectionString("vision");

    /// <summary>Validates the settings of this backend; each error names the key and what to set.</summary>
    public static void Check(SettingsReader reader, bool isRun)
    {
        var missing = Stores.Where(name => !IsSet(reader.Configuration, name));
        reader.Errors.AddRange(isRun
            ? missing.Select(name => $"ConnectionStrings:{name} is missing, and --backend Azure needs it in this build. Set the environment variable ConnectionStrings__{name} (docs/configuration.md).")
            : ["This build cannot be deployed, because it was built without Aspire's Azure packages. Build where the NuGet feed has them, with -p:AspireAzure=true (docs/deploy.md)."]);
    }

    private static bool IsSet(IConfiguration configuration, string name) => !string.IsNullOrEmpty(configuration.GetConnectionString(name));
}
