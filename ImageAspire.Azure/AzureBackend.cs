#if ASPIRE_AZURE
using Azure;
using Azure.AI.Vision.ImageAnalysis;
#endif
using Azure.Identity;
using Azure.Messaging.ServiceBus;
using Azure.Messaging.ServiceBus.Administration;
using Azure.Storage.Blobs;
using ImageAspire.Azure.Analysis;
using ImageAspire.Azure.Blobs;
using ImageAspire.Azure.Catalog;
using ImageAspire.Azure.Events;
using ImageAspire.Azure.Uploads;
using ImageAspire.Core.Ports;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ImageAspire.Azure;

/// <summary>Registers the Azure edition's adapters on the Aspire client integrations.</summary>
public static class AzureBackend
{
    /// <summary>
    /// Sets catalog, blob store, unfinished uploads, topic, audit log, reporting store and webhooks; the analyser too when there is a connection <c>vision</c>.
    /// The integrations bring their own settings (sections <c>Aspire:…</c>), MongoDB's its spans too; health is checked through the ports.
    /// </summary>
    /// <returns>Whether Azure AI Vision is the analyser; when not, the caller sets another one.</returns>
    /// <exception cref="OptionsValidationException">Connection strings are missing or malformed; every one is named.</exception>
    public static bool AddAzureBackend(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (Connections.Check(builder.Configuration) is { Count: > 0 } errors)
            throw new OptionsValidationException("ConnectionStrings", typeof(Connections), errors);

        builder.AddAzureClients();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddMongoStores();
        builder.Services.TryAddSingleton<IBlobStore, AzureBlobStore>();
        builder.Services.TryAddSingleton<IUploadStore>(provider => new AzureUploadStore(
            provider.GetRequiredKeyedService<BlobContainerClient>(Connections.Uploads), provider.GetRequiredService<TimeProvider>()));
        builder.AddServiceBus();
        return builder.AddVision();
    }

    private static void AddServiceBus(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<MessagingOptions>().Bind(builder.Configuration.GetSection(MessagingOptions.Section))
            .Validate(options => options.PausePoll >= TimeSpan.FromMilliseconds(100) && options.PausePoll <= TimeSpan.FromMinutes(1),
                $"{MessagingOptions.Section}:{nameof(MessagingOptions.PausePoll)} must be from 00:00:00.1 to 00:01:00.")
            .ValidateOnStart();
        var connection = builder.Configuration.GetConnectionString(Connections.Topic)!;
        builder.Services.TryAddSingleton(provider => new ServiceBusTools(
            provider.GetRequiredService<IOptions<MessagingOptions>>(), AdministrationOf(connection, provider.GetRequiredService<ServiceBusClient>())));
        builder.Services.TryAddSingleton<IPauseSwitches, MongoPauseSwitches>();
        builder.Services.TryAddSingleton<PauseWatch>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<PauseWatch>());
        builder.Services.TryAddSingleton<IEventBus, ServiceBusEventBus>();
        builder.Services.TryAddSingleton<ITopicOperations, ServiceBusOperations>();
    }

    // The emulator that Aspire 13.1 starts does not offer it.
    private static SubscriptionAdministration? AdministrationOf(string connection, ServiceBusClient client)
    {
        if (connection.Contains("UseDevelopmentEmulator=true", StringComparison.OrdinalIgnoreCase))
            return null;
        return new SubscriptionAdministration(connection.Contains("SharedAccessKey", StringComparison.OrdinalIgnoreCase)
            ? new ServiceBusAdministrationClient(connection)
            : new ServiceBusAdministrationClient(client.FullyQualifiedNamespace, Credential()));
    }

    private static bool AddVision(this IHostApplicationBuilder builder)
    {
        if (builder.Configuration.GetConnectionString(Connections.Vision) is not { Length: > 0 } text || VisionConnection.Parse(text) is not { } vision)
            return false;
        builder.Services.AddOptions<VisionOptions>().Bind(builder.Configuration.GetSection(VisionOptions.Section));
#if ASPIRE_AZURE
        builder.Services.TryAddSingleton(_ => vision.Key is { } key
            ? new ImageAnalysisClient(vision.Endpoint, new AzureKeyCredential(key))
            : new ImageAnalysisClient(vision.Endpoint, Credential()));
        builder.Services.Replace(ServiceDescriptor.Singleton<IImageAnalyzer, AzureVisionAnalyzer>());
        return true;
#else
        return false;
#endif
    }

    // On Container Apps AZURE_CLIENT_ID and AZURE_TOKEN_CREDENTIALS name the app's identity; on a desk it is the developer's.
    private static DefaultAzureCredential Credential() => new DefaultAzureCredential();
}
