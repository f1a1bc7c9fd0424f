using Aspire.Hosting.Azure;
using Azure.Provisioning.Storage;
using ImageAspire.AppHost.Model;

namespace ImageAspire.AppHost.Azure;

/// <summary>The stores of bytes and documents.</summary>
internal static class Stores
{
    /// <summary>Blob Storage; Azurite in a local run.</summary>
    public static IResourceBuilder<AzureStorageResource> AddImageStorage(this IDistributedApplicationBuilder builder, AzureSettings azure) =>
        builder.AddAzureStorage("storage")
            .RunAsEmulator(azurite =>
            {
                if (azure.Persistent)
                    azurite.WithDataVolume().WithLifetime(ContainerLifetime.Persistent);
            })
            // Three copies in one data centre; the default replicates to a second region for twice the price.
            .ConfigureInfrastructure(infrastructure => infrastructure.GetProvisionableResources().OfType<StorageAccount>().Single()
                .Sku = new StorageSku { Name = StorageSkuName.StandardLrs });

    /// <summary>
    /// MongoDB; a container in a local run. In a deployment it is a connection string to MongoDB Atlas or Azure Cosmos DB for MongoDB (vCore):
    /// a volume on Container Apps is an SMB share, on which MongoDB does not run.
    /// </summary>
    public static IResourceBuilder<IResourceWithConnectionString> AddDocuments(
        this IDistributedApplicationBuilder builder, AppHostSettings settings, AzureSettings azure)
    {
        if (!settings.IsRun)
            return builder.AddConnectionString(AzureConnections.Documents);
        var mongo = builder.AddMongoDB("mongo");
        if (azure.Persistent)
            mongo.WithDataVolume().WithLifetime(ContainerLifetime.Persistent);
        return mongo.AddDatabase(AzureConnections.Documents);
    }

    /// <summary>Creates the containers, and connects the services with them.</summary>
    public static void ConnectTo(this IResourceBuilder<AzureStorageResource> storage, IReadOnlyCollection<IResourceBuilder<ProjectResource>> services)
    {
        foreach (var container in AzureTopology.Containers.Select(name => storage.AddBlobContainer(name)))
        {
            foreach (var service in services)
                service.WithReference(container).WaitFor(container);
        }
    }

    /// <summary>Connects the services with the database.</summary>
    public static void ConnectTo(this IResourceBuilder<IResourceWithConnectionString> documents, IReadOnlyCollection<IResourceBuilder<ProjectResource>> services)
    {
        foreach (var service in services)
            service.WithReference(documents).WaitFor(documents);
    }
}
