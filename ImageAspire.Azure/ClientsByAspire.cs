using Microsoft.Extensions.Hosting;

namespace ImageAspire.Azure;

/// <summary>Registers the clients with Aspire's integrations, which add settings (sections <c>Aspire:…</c>) and spans. ClientsBySdk.cs is compiled instead where the feed lacks them.</summary>
internal static class Clients
{
    /// <summary>Registers the database, the two blob containers (keyed) and the Service Bus client. Health is checked through the ports.</summary>
    public static void AddAzureClients(this IHostApplicationBuilder builder)
    {
        builder.AddMongoDBClient(Connections.Documents, settings => settings.DisableHealthChecks = true);
        // Both keyed: registering a keyed one sets the one without a key to null.
        builder.AddKeyedAzureBlobContainerClient(Connections.Blobs, settings => settings.DisableHealthChecks = true);
        builder.AddKeyedAzureBlobContainerClient(Connections.Uploads, settings => settings.DisableHealthChecks = true);
        builder.AddAzureServiceBusClient(Connections.Topic);
    }
}
