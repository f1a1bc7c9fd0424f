using Azure.Core;
using Azure.Messaging.ServiceBus;
using Azure.Messaging.ServiceBus.Administration;
using Azure.Storage.Blobs;
using ImageAspire.Azure.Blobs;
using ImageAspire.Azure.Topic;
using ImageAspire.Azure.Uploads;
using ImageAspire.Core.Ports;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ImageAspire.Azure;

/// <summary>Registration of the Azure backend's adapters.</summary>
public static class AzureBackend
{
    /// <summary>
    /// Sets the catalog, blob store, upload store, topic, audit log, report store, webhooks, API keys, spent tokens, reprocessing jobs and the scrub's state. The analyser is set by
    /// <see cref="AzureVision"/>. Health is checked through the ports.
    /// </summary>
    /// <exception cref="OptionsValidationException">Connection strings are missing or malformed; every one is named.</exception>
    public static void AddAzureBackend(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (Connections.Check(builder.Configuration) is { Count: > 0 } errors)
            throw new OptionsValidationException("ConnectionStrings", typeof(Connections), errors);

        builder.Services.AddAzureCredential();
        builder.AddAzureClients();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddMongoStores();
        builder.Services.TryAddSingleton<IBlobStore>(provider => new AzureBlobStore(provider.GetRequiredKeyedService<BlobContainerClient>(Connections.Blobs)));
        builder.Services.TryAddSingleton<IStorageSpace, AzureStorageSpace>();
        builder.Services.TryAddSingleton<IScheduledBackups, NoScheduledBackups>();
        builder.Services.TryAddSingleton<IUploadStore>(provider => new AzureUploadStore(
            provider.GetRequiredKeyedService<BlobContainerClient>(Connections.Uploads), provider.GetRequiredService<TimeProvider>()));
        builder.AddServiceBus();
    }

    private static void AddServiceBus(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<MessagingOptions>().Bind(builder.Configuration.GetSection(MessagingOptions.Section))
            .Validate(options => options.PausePoll >= TimeSpan.FromMilliseconds(100) && options.PausePoll <= TimeSpan.FromMinutes(1),
                $"{MessagingOptions.Section}:{nameof(MessagingOptions.PausePoll)} must be from 00:00:00.1 to 00:01:00.")
            .ValidateOnStart();
        builder.Services.TryAddSingleton(provider => new ServiceBusTools(
            provider.GetRequiredService<IOptions<MessagingOptions>>(), AdministrationOf(builder.Configuration, provider)));
        builder.Services.TryAddSingleton<IPauseSwitches, MongoPauseSwitches>();
        builder.Services.TryAddSingleton<PauseMonitor>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<PauseMonitor>());
        builder.Services.TryAddSingleton<IEventBus, ServiceBusEventBus>();
        builder.Services.TryAddSingleton<ITopicOperations, ServiceBusOperations>();
        builder.Services.TryAddSingleton<ITopology, ServiceBusTopology>();
    }

    private static SubscriptionAdministration? AdministrationOf(IConfiguration configuration, IServiceProvider provider)
    {
        if (configuration.GetConnectionString(Connections.TopicAdministration) is { Length: > 0 } administration)
            return new SubscriptionAdministration(new ServiceBusAdministrationClient(administration));
        var connection = configuration.GetConnectionString(Connections.Topic)!;
        if (connection.Contains("UseDevelopmentEmulator=true", StringComparison.OrdinalIgnoreCase))
            return null; // at another port, which is not known here
        return new SubscriptionAdministration(connection.Contains("SharedAccessKey", StringComparison.OrdinalIgnoreCase)
            ? new ServiceBusAdministrationClient(connection)
            : new ServiceBusAdministrationClient(provider.GetRequiredService<ServiceBusClient>().FullyQualifiedNamespace, provider.GetRequiredService<TokenCredential>()));
    }
}
