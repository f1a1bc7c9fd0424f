using ImageAspire.AppHost.Azure;
using ImageAspire.Core.Pipeline;
using Microsoft.Extensions.Configuration;

namespace ImageAspire.AppHost.Model;

/// <summary>
/// The Azure backend: emulators in containers in a local run, or running services by connection strings; resources of its own in a
/// deployment. Its twin, AzureByConnectionStrings.cs, is compiled where the feed lacks Aspire's Azure packages.
/// </summary>
internal static class AzureBackend
{
    private static readonly string[] Names = ["imagesdb", "images", "uploads", "messaging"];

    /// <summary>Adds the backend and connects the services; in a deployment they run on Container Apps.</summary>
    public static void AddAzureBackend(
        this IDistributedApplicationBuilder builder, AppHostSettings settings, IResourceBuilder<ProjectResource> api, IReadOnlyList<IResourceBuilder<ProjectResource>> workers)
    {
        foreach (var service in (IResourceBuilder<ProjectResource>[])[api, .. workers])
            service.WithEnvironment("Backend", nameof(Backend.Azure));
        if (settings.IsRun && Names.All(name => IsSet(builder.Configuration, name)))
            builder.ConnectToRunningServices([api, .. workers]);
        else
            builder.AddResources(settings, api, workers);
    }

    /// <summary>
    /// Azure AI Vision: an account of its own in a deployment; in a local run the connection string <c>vision</c> (an address, or <c>Endpoint=…;Key=…</c>),
    /// because any other way would create the account in Azure at F5.
    /// </summary>
    public static IResourceBuilder<IResourceWithConnectionString> AddAzureVision(this IDistributedApplicationBuilder builder, AppHostSettings settings) =>
        settings.IsRun ? builder.AddConnectionString("vision") : builder.AddVisionAccount();

    /// <summary>Validates the settings of this backend; each error names the key and what to set.</summary>
    public static void Check(SettingsReader reader, bool isRun)
    {
        AzureSettings.Read(reader);
        var missing = Names.Where(name => !IsSet(reader.Configuration, name)).ToList();
        if (isRun && missing.Count > 0 && missing.Count < Names.Length)
        {
            reader.Errors.Add($"ConnectionStrings:{string.Join(", ConnectionStrings:", missing)} is missing, while others are set. "
                + $"Set all of {string.Join(", ", Names)}, or none of them to start emulators in containers.");
        }
    }

    private static bool IsSet(IConfiguration configuration, string name) => !string.IsNullOrEmpty(configuration.GetConnectionString(name));

    private static void ConnectToRunningServices(this IDistributedApplicationBuilder builder, IEnumerable<IResourceBuilder<ProjectResource>> services)
    {
        var connections = Names.Select(name => builder.AddConnectionString(name)).ToList();
        foreach (var service in services)
            connections.ForEach(connection => service.WithReference(connection));
    }

    // Bytes, documents, and the topic with one subscription for each stage.
    private static void AddResources(
        this IDistributedApplicationBuilder builder, AppHostSettings settings, IResourceBuilder<ProjectResource> api, IReadOnlyList<IResourceBuilder<ProjectResource>> workers)
    {
        var azure = AzureSettings.Read(new SettingsReader(builder.Configuration));
        var storage = builder.AddImageStorage(azure);
        var images = storage.AddBlobContainer("images");
        var uploads = storage.AddBlobContainer("uploads"); // resumable uploads, until they are complete
        var documents = builder.AddDocuments(settings, azure);
        var messaging = builder.AddMessaging(azure);
        var topic = messaging.AddImageEvents(settings);
        var subscriptions = StageCatalog.Subscriptions.Select(topic.AddStage).ToList();

        foreach (var service in (IResourceBuilder<ProjectResource>[])[api, .. workers])
        {
            service.WithReference(images).WaitFor(images)
                .WithReference(uploads).WaitFor(uploads)
                .WithReference(documents).WaitFor(documents)
                .WithReference(messaging);
        }

        api.WaitFor(topic).WithLiveFeed(topic, settings);
        foreach (var worker in workers)
            worker.WaitForAll(subscriptions);

        if (settings.IsRun)
            return;
        builder.AddContainerApps([api, .. workers]);
        api.RunApiOnContainerApps(storage, messaging, azure);
        workers.Single().RunWorkerOnContainerApps(storage, messaging, topic, subscriptions, azure);
    }
}
