using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Access;
using ImageAspire.Embedded.Audit;
using ImageAspire.Embedded.Blobs;
using ImageAspire.Embedded.Catalog;
using ImageAspire.Embedded.Database;
using ImageAspire.Embedded.Events;
using ImageAspire.Embedded.Operations;
using ImageAspire.Embedded.Reports;
using ImageAspire.Embedded.Uploads;
using ImageAspire.Embedded.Webhooks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ImageAspire.Embedded;

/// <summary>Registers the embedded backend's adapters.</summary>
public static class EmbeddedBackend
{
    private const string AuditDatabase = "audit";
    private const string ReportDatabase = "reports";
    private const string WebhookDatabase = "webhooks";
    private const string KeyDatabase = "keys";
    private const string OperationDatabase = "operations";

    /// <summary>Sets catalog, blob store, unfinished uploads, topic, audit log, reporting store, webhooks and API keys, with settings from section <c>Embedded</c>.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">The whole configuration, not the section.</param>
    public static IServiceCollection AddEmbeddedBackend(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<EmbeddedOptions>().Bind(configuration.GetSection(EmbeddedOptions.Section));
        return services.AddStores();
    }

    /// <summary>Sets catalog, blob store, unfinished uploads, topic, audit log, reporting store, webhooks and API keys.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Settings.</param>
    public static IServiceCollection AddEmbeddedBackend(this IServiceCollection services, Action<EmbeddedOptions> configure)
    {
        services.AddOptions<EmbeddedOptions>().Configure(configure);
        return services.AddStores();
    }

    private static IServiceCollection AddStores(this IServiceCollection services)
    {
        services.AddOptions<EmbeddedOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<EmbeddedOptions>, ValidateEmbeddedOptions>());
        services.TryAddSingleton(provider => provider.GetRequiredService<IOptions<EmbeddedOptions>>().Value);
        services.TryAddSingleton(TimeProvider.System);

        // Each file is opened once per process, at its first use, and closed with the host.
        services.TryAddSingleton(provider => MainDatabase.Open(provider.GetRequiredService<EmbeddedOptions>()));
        services.TryAddKeyedSingleton(AuditDatabase, (provider, _) => AuditSchema.Open(provider.GetRequiredService<EmbeddedOptions>()));
        services.TryAddKeyedSingleton(ReportDatabase, (provider, _) => ReportSchema.Open(provider.GetRequiredService<EmbeddedOptions>()));
        services.TryAddKeyedSingleton(WebhookDatabase, (provider, _) => WebhookSchema.Open(provider.GetRequiredService<EmbeddedOptions>()));
        services.TryAddKeyedSingleton(KeyDatabase, (provider, _) => ApiKeySchema.Open(provider.GetRequiredService<EmbeddedOptions>()));
        services.TryAddKeyedSingleton(OperationDatabase, (provider, _) => EmbeddedReprocessingJobStore.OpenFile(provider.GetRequiredService<EmbeddedOptions>()));

        services.TryAddSingleton<EmbeddedEventBus>();
        services.TryAddSingleton<IEventBus>(provider => provider.GetRequiredService<EmbeddedEventBus>());
        services.TryAddSingleton<ITopicOperations>(provider => provider.GetRequiredService<EmbeddedEventBus>());
        services.TryAddSingleton<IEventAppender>(provider => provider.GetRequiredService<EmbeddedEventBus>());
        services.TryAddSingleton<IImageCatalog, EmbeddedImageCatalog>();
        services.TryAddSingleton<IBlobStore, EmbeddedBlobStore>();
        services.TryAddSingleton<IUploadStore, EmbeddedUploadStore>();
        services.TryAddSingleton<IAuditLog>(provider =>
            new EmbeddedAuditLog(provider.GetRequiredKeyedService<SqliteDatabase>(AuditDatabase)));
        services.TryAddSingleton<IReportStore>(provider => new EmbeddedReportStore(
            provider.GetRequiredKeyedService<SqliteDatabase>(ReportDatabase), provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<IWebhookStore>(provider => new EmbeddedWebhookStore(provider.GetRequiredKeyedService<SqliteDatabase>(WebhookDatabase)));
        services.TryAddSingleton<IWebhookDeliveries>(provider => new EmbeddedWebhookDeliveries(
            provider.GetRequiredKeyedService<SqliteDatabase>(WebhookDatabase), provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<IApiKeyStore>(provider => new EmbeddedApiKeyStore(
            provider.GetRequiredKeyedService<SqliteDatabase>(KeyDatabase), provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<IReprocessingJobStore>(provider => new EmbeddedReprocessingJobStore(provider.GetRequiredKeyedService<SqliteDatabase>(OperationDatabase)));
        return services;
    }
}
