using ImageAspire.AppHost.Emulators;
using Microsoft.Extensions.Configuration;

namespace ImageAspire.AppHost.Model;

/// <summary>
/// The Azure backend on this machine, without containers: MongoDB or our stand-in for it, Azurite, and our Service Bus emulator, as processes. A connection
/// string puts a running service in the place of each. Its twin, <c>Azure/AzureBackend.cs</c>, which starts emulators in containers and deploys, is compiled
/// where the feed has Aspire's Azure packages.
/// </summary>
internal static class AzureBackend
{
    /// <summary>Connects the services, and starts the emulators of what has no connection string.</summary>
    public static void AddAzureBackend(
        this IDistributedApplicationBuilder builder, AppHostSettings settings, IResourceBuilder<ProjectResource> api, IReadOnlyList<IResourceBuilder<ProjectResource>> workers)
    {
        IReadOnlyList<IResourceBuilder<ProjectResource>> services = [api, .. workers];
        foreach (var service in services)
            service.WithEnvironment("Backend", nameof(Backend.Azure));
        if (!builder.TryConnect(services, AzureConnections.Documents))
            builder.AddDocumentsEmulator(settings, services);
        if (!builder.TryConnect(services, AzureTopology.Containers))
            builder.AddStorageEmulator(settings, services);
        if (!builder.TryConnectMessaging(services))
            builder.AddMessagingEmulator(settings, services);
        if (!AzureConnections.AreSet(builder.Configuration, EmulatedConnections))
            builder.LockEmulatorData(settings.DataFolder);
    }

    /// <summary>The connection to Azure AI Vision.</summary>
    public static IResourceBuilder<IResourceWithConnectionString> AddAzureVision(this IDistributedApplicationBuilder builder, AppHostSettings settings) =>
        builder.AddConnectionString("vision");

    /// <summary>Validates the settings of this backend, and that its emulators can be started; each error names what to do.</summary>
    /// <param name="reader">The configuration; collects the errors.</param>
    /// <param name="settings">The settings that are read already.</param>
    /// <param name="folder">The AppHost's project folder.</param>
    public static void Check(SettingsReader reader, AppHostSettings settings, string folder)
    {
        if (!settings.IsRun)
        {
            reader.Errors.Add("This build cannot be deployed, because it was built without Aspire's Azure packages. Build where the NuGet feed has them, with -p:AspireAzure=true (docs/deploy.md).");
            return;
        }

        AzureConnections.Check(reader);
        if (reader.Errors.Count > 0)
            return;
        if (!AzureConnections.AreSet(reader.Configuration, AzureTopology.Containers) && new Azurite(folder).Install() is { } missing)
            reader.Errors.Add(missing);
        if (!AzureConnections.AreSet(reader.Configuration, EmulatedConnections) && EmulatorLock.IsTaken(settings.DataFolder))
            reader.Errors.Add($"Another AppHost runs the emulators of '{settings.DataFolder}'. Stop it, or choose another folder with --data ({AppHostSettings.DataKey}).");
    }

    /// <summary>Where everything is, for the console.</summary>
    public static string Describe(IConfiguration configuration, AppHostSettings settings)
    {
        List<string> emulators = [];
        if (!AzureConnections.AreSet(configuration, AzureConnections.Documents))
            emulators.Add(DocumentsEmulator.Description);
        if (!AzureConnections.AreSet(configuration, AzureTopology.Containers))
            emulators.Add("Azurite");
        if (!AzureConnections.AreSet(configuration, AzureConnections.Messaging))
            emulators.Add("Service Bus emulator");
        return emulators.Count > 0 ? $"Azure backend on emulators ({string.Join(", ", emulators)}) in {settings.DataFolder}" : "Azure backend by connection strings";
    }

    private static IEnumerable<string> EmulatedConnections => [AzureConnections.Documents, .. AzureTopology.Containers, AzureConnections.Messaging];
}
