using ImageAspire.AppHost.Azure;
using Microsoft.Extensions.Configuration;

namespace ImageAspire.AppHost.Model;

/// <summary>
/// The Azure backend: emulators in containers in a local run, each replaced by a running service with its connection string; resources of its own in a
/// deployment. Its twin, <c>Emulators/AzureBackend.cs</c>, is compiled where the feed lacks Aspire's Azure packages.
/// </summary>
internal static class AzureBackend
{
    /// <summary>Adds the backend and connects the services; in a deployment they run on Container Apps.</summary>
    public static void AddAzureBackend(
        this IDistributedApplicationBuilder builder, AppHostSettings settings, IResourceBuilder<ProjectResource> api, IReadOnlyList<IResourceBuilder<ProjectResource>> workers)
    {
        IReadOnlyList<IResourceBuilder<ProjectResource>> services = [api, .. workers];
        foreach (var service in services)
            service.WithEnvironment("Backend", nameof(Backend.Azure));
        var azure = AzureSettings.Read(new SettingsReader(builder.Configuration));
        if (settings.IsRun)
            builder.AddEmulators(settings, azure, api, workers);
        else
            builder.AddDeployment(settings, azure, api, workers);
    }

    /// <summary>
    /// Azure AI Vision: an account of its own in a deployment; in a local run the connection string <c>vision</c> (an address, or <c>Endpoint=…;Key=…</c>),
    /// because any other way would create the account in Azure at F5.
    /// </summary>
    public static IResourceBuilder<IResourceWithConnectionString> AddAzureVision(this IDistributedApplicationBuilder builder, AppHostSettings settings) =>
        settings.IsRun ? builder.AddConnectionString("vision") : builder.AddVisionAccount();

    /// <summary>Validates the settings of this backend; each error names the key and what to set.</summary>
    /// <param name="reader">The configuration; collects the errors.</param>
    /// <param name="settings">The settings that are read already.</param>
    /// <param name="folder">The AppHost's project folder.</param>
    public static void Check(SettingsReader reader, AppHostSettings settings, string folder)
    {
        AzureSettings.Read(reader);
        if (settings.IsRun)
            AzureConnections.Check(reader);
    }

    /// <summary>Where everything is, for the console.</summary>
    public static string Describe(IConfiguration configuration, AppHostSettings settings) => "Azure backend";

    // What has a connection string runs already.
    private static void AddEmulators(
        this IDistributedApplicationBuilder builder, AppHostSettings settings, AzureSettings azure, IResourceBuilder<ProjectResource> api, IReadOnlyList<IResourceBuilder<ProjectResource>> workers)
    {
        IReadOnlyList<IResourceBuilder<ProjectResource>> services = [api, .. workers];
        if (!builder.TryConnect(services, AzureTopology.Containers))
            builder.AddImageStorage(azure).ConnectTo(services);
        if (!builder.TryConnect(services, AzureConnections.Documents))
            builder.AddDocuments(settings, azure).ConnectTo(services);
        if (!builder.TryConnectMessaging(services))
            builder.AddMessaging(azure).AddTopic(settings).ConnectTo(api, workers, settings);
    }

    private static void AddDeployment(
        this IDistributedApplicationBuilder builder, AppHostSettings settings, AzureSettings azure, IResourceBuilder<ProjectResource> api, IReadOnlyList<IResourceBuilder<ProjectResource>> workers)
    {
        IReadOnlyList<IResourceBuilder<ProjectResource>> services = [api, .. workers];
        var storage = builder.AddImageStorage(azure);
        storage.ConnectTo(services);
        builder.AddDocuments(settings, azure).ConnectTo(services);
        var messaging = builder.AddMessaging(azure).AddTopic(settings);
        messaging.ConnectTo(api, workers, settings);
        builder.AddContainerApps(services);
        api.RunApiOnContainerApps(storage, messaging.Namespace, azure);
        workers.Single().RunWorkerOnContainerApps(storage, messaging.Namespace, messaging.Topic, messaging.Subscriptions, azure);
    }
}
