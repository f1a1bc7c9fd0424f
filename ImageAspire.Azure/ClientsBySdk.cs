using Azure.Core;
using Azure.Messaging.ServiceBus;
using Azure.Storage.Blobs;
using ImageAspire.Azure.ConnectionStrings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MongoDB.Driver;
using MongoDB.Driver.Core.Configuration;

namespace ImageAspire.Azure;

/// <summary>Registers the clients with the plain SDKs, with the same connection names and trace sources as Aspire's integrations (ClientsByAspire.cs).</summary>
internal static class Clients
{
    /// <summary>Registers the database, the two blob containers (keyed) and the Service Bus client. Health is checked through the ports.</summary>
    public static void AddAzureClients(this IHostApplicationBuilder builder)
    {
        var (services, configuration) = (builder.Services, builder.Configuration);
        var database = MongoUrl.Create(configuration.GetConnectionString(Connections.Documents));
        services.AddSingleton<IMongoClient>(provider => Mongo(database, provider.GetService<ILoggerFactory>()));
        services.AddSingleton(provider => provider.GetRequiredService<IMongoClient>().GetDatabase(database.DatabaseName));
        foreach (var name in (string[])[Connections.Blobs, Connections.Uploads])
        {
            var connection = configuration.GetConnectionString(name)!;
            services.AddKeyedSingleton(name, (provider, _) => Container(connection, provider));
        }

        var topic = configuration.GetConnectionString(Connections.Topic)!;
        services.AddSingleton(provider => Bus(topic, provider));
    }

    // The driver creates spans itself, from its source MongoTelemetry.ActivitySourceName.
    private static MongoClient Mongo(MongoUrl database, ILoggerFactory? logs)
    {
        var settings = MongoClientSettings.FromUrl(database);
        settings.LoggingSettings = new LoggingSettings(logs);
        return new MongoClient(settings);
    }

    private static BlobContainerClient Container(string connection, IServiceProvider provider)
    {
        var parts = ConnectionParts.Of(connection);
        var container = parts["ContainerName"];
        if (!parts.ContainsKey("AccountKey") && parts.TryGetValue("Endpoint", out var endpoint))
            return new BlobContainerClient(new Uri(new Uri(endpoint.TrimEnd('/') + "/"), container), provider.GetRequiredService<TokenCredential>());
        var account = string.Join(';', connection.Split(';').Where(part => !part.StartsWith("ContainerName=", StringComparison.OrdinalIgnoreCase)));
        return new BlobContainerClient(account, container);
    }

    private static ServiceBusClient Bus(string connection, IServiceProvider provider)
    {
        if (connection.Contains("SharedAccess", StringComparison.OrdinalIgnoreCase))
            return new ServiceBusClient(connection);
        var address = ConnectionParts.Of(connection).GetValueOrDefault("Endpoint") ?? connection;
        var host = new Uri(address.Contains("://", StringComparison.Ordinal) ? address : "https://" + address).Host;
        return new ServiceBusClient(host, provider.GetRequiredService<TokenCredential>());
    }
}
