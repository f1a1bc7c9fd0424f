using Azure.Identity;
using Azure.Messaging.ServiceBus;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MongoDB.Driver;

namespace ImageAspire.Azure;

/// <summary>The clients from the plain SDKs, by the same connection names and trace sources as Aspire's integrations (ClientsByAspire.cs).</summary>
internal static class Clients
{
    /// <summary>Registers the database, the two blob containers (<c>uploads</c> keyed) and the Service Bus client. Health is checked through the ports.</summary>
    public static void AddAzureClients(this IHostApplicationBuilder builder)
    {
        var (services, configuration) = (builder.Services, builder.Configuration);
        var database = MongoUrl.Create(configuration.GetConnectionString(Connections.Documents));
        services.AddSingleton<IMongoClient>(_ => new MongoClient(MongoClientSettings.FromUrl(database)));
        services.AddSingleton(provider => provider.GetRequiredService<IMongoClient>().GetDatabase(database.DatabaseName));
        services.AddSingleton(_ => Container(configuration.GetConnectionString(Connections.Blobs)!));
        services.AddKeyedSingleton(Connections.Uploads, (_, _) => Container(configuration.GetConnectionString(Connections.Uploads)!));
        services.AddSingleton(_ => Bus(configuration.GetConnectionString(Connections.Topic)!));
    }

    private static BlobContainerClient Container(string connection)
    {
        var parts = ConnectionParts.Of(connection);
        var container = parts["ContainerName"];
        if (!parts.ContainsKey("AccountKey") && parts.TryGetValue("Endpoint", out var endpoint))
            return new BlobContainerClient(new Uri(new Uri(endpoint.TrimEnd('/') + "/"), container), new DefaultAzureCredential());
        var account = string.Join(';', connection.Split(';').Where(part => !part.StartsWith("ContainerName=", StringComparison.OrdinalIgnoreCase)));
        return new BlobContainerClient(account, container);
    }

    private static ServiceBusClient Bus(string connection) => connection.Contains("Endpoint=", StringComparison.OrdinalIgnoreCase)
        ? new ServiceBusClient(connection)
        : new ServiceBusClient(new Uri(connection.Contains("://", StringComparison.Ordinal) ? connection : "https://" + connection).Host, new DefaultAzureCredential());
}
