using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Alarms;
using ImageAspire.Embedded.ApiKeys;
using ImageAspire.Embedded.Audit;
using ImageAspire.Embedded.Backup;
using ImageAspire.Embedded.Blobs;
using ImageAspire.Embedded.Catalog;
using ImageAspire.Embedded.Files;
using ImageAspire.Embedded.Heartbeats;
using ImageAspire.Embedded.Operations;
using ImageAspire.Embedded.Reports;
using ImageAspire.Embedded.Reprocessing;
using ImageAspire.Embedded.Scrub;
using ImageAspire.Embedded.Search;
using ImageAspire.Embedded.Space;
using ImageAspire.Embedded.Sqlite;
using ImageAspire.Embedded.Topic;
using ImageAspire.Embedded.Upgrades;
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
    /// <summary>Sets the catalog, trash, vector index, blob store, upload store, topic, audit log, report store, webhooks, API keys, spent tokens, reprocessing jobs, the scrub's state, heartbeats and alarms, with settings from section <c>Embedded</c>.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">The whole configuration, not the section.</param>
    public static IServiceCollection AddEmbeddedBackend(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<EmbeddedOptions>().Bind(configuration.GetSection(EmbeddedOptions.Section));
        return services.AddStores();
    }

    /// <summary>Sets the same adapters with settings from code.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Changes the settings.</param>
    public static IServiceCollection AddEmbeddedBackend(this IServiceCollection services, Action<EmbeddedOptions> configure)
    {
        services.AddOptions<EmbeddedOptions>().Configure(configure);
        return services.AddStores();
    }

    private static IServiceCollection AddStores(this IServiceCollection services)
    {
        services.AddOptions<EmbeddedOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<EmbeddedOptions>, ValidateEmbeddedOptions>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => new DataFolder(provider.GetRequiredService<IOptions<EmbeddedOptions>>().Value.DataFolder));

        // Catalog and topic share a database, so that a record and its events are one transaction.
        services.TryAddSingleton(provider => MainDatabase.Open(provider.GetRequiredService<DataFolder>()));
        services.TryAddSingleton<EmbeddedEventBus>();
        services.TryAddSingleton<IEventBus>(provider => provider.GetRequiredService<EmbeddedEventBus>());
        services.TryAddSingleton<IEventAppender>(provider => provider.GetRequiredService<EmbeddedEventBus>());
        services.TryAddSingleton<ITopicOperations>(provider => provider.GetRequiredService<EmbeddedEventBus>().Operations);
        services.TryAddSingleton<ITopology, EmbeddedTopology>();
        services.TryAddSingleton<IImageCatalog, EmbeddedImageCatalog>();
        services.TryAddSingleton<IImageTrash, EmbeddedImageTrash>();
        services.TryAddSingleton<IVectorIndex, EmbeddedVectorIndex>();
        services.TryAddSingleton<IStorageUse, StoredBytes>();
        services.TryAddSingleton<IBlobStore, EmbeddedBlobStore>();
        services.TryAddSingleton<IUploadStore, EmbeddedUploadStore>();
        services.TryAddSingleton<IVolume, SystemVolume>();
        services.TryAddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<EmbeddedOptions>>().Value;
            return new SpaceLimits(options.MinFreeBytes, options.ReserveFileBytes);
        });
        services.TryAddSingleton<EmbeddedStorageSpace>();
        services.TryAddSingleton<IStorageSpace>(provider => provider.GetRequiredService<EmbeddedStorageSpace>());
        services.TryAddSingleton<IStorePreparation>(provider => ActivatorUtilities.CreateInstance<StoreUpgrade>(
            provider, provider.GetRequiredService<IOptions<EmbeddedOptions>>().Value.UpgradeBackups));
        services.TryAddSingleton<IScheduledBackups>(provider => ActivatorUtilities.CreateInstance<ScheduledBackups>(
            provider, provider.GetRequiredService<IOptions<EmbeddedOptions>>().Value.Backups));
        services.AddHostedService<ReserveKeeper>();
        return services.AddDatabases();
    }

    private static IServiceCollection AddDatabases(this IServiceCollection services)
    {
        services.AddDatabase(AuditSchema.FileName, AuditSchema.Open);
        services.AddDatabase(ReportSchema.FileName, ReportSchema.Open);
        services.AddDatabase(WebhookSchema.FileName, WebhookSchema.Open);
        services.AddDatabase(ApiKeySchema.FileName, ApiKeySchema.Open);
        services.AddDatabase(OperationsSchema.FileName, OperationsSchema.Open);
        services.TryAddSingleton<IAuditLog>(provider => new EmbeddedAuditLog(provider.Database(AuditSchema.FileName)));
        services.TryAddSingleton<IReportStore>(provider => new EmbeddedReportStore(provider.Database(ReportSchema.FileName), provider.Time()));
        services.TryAddSingleton<IWebhookStore>(provider => new EmbeddedWebhookStore(provider.Database(WebhookSchema.FileName)));
        services.TryAddSingleton<IWebhookDeliveries>(provider => new EmbeddedWebhookDeliveries(provider.Database(WebhookSchema.FileName), provider.Time()));
        services.TryAddSingleton<IApiKeyStore>(provider => new EmbeddedApiKeyStore(provider.Database(ApiKeySchema.FileName), provider.Time()));
        services.TryAddSingleton<ISpentTokenStore>(provider => new EmbeddedSpentTokenStore(provider.Database(ApiKeySchema.FileName), provider.Time()));
        services.TryAddSingleton<IReprocessingJobStore>(provider => new EmbeddedReprocessingJobStore(provider.Database(OperationsSchema.FileName)));
        services.TryAddSingleton<IScrubProgressStore>(provider => new EmbeddedScrubProgressStore(provider.Database(OperationsSchema.FileName)));
        services.TryAddSingleton<IScrubFindingStore>(provider => new EmbeddedScrubFindingStore(provider.Database(OperationsSchema.FileName)));
        services.TryAddSingleton<IAlarmStore>(provider => new EmbeddedAlarmStore(provider.Database(OperationsSchema.FileName)));
        services.TryAddSingleton<IHeartbeatStore>(provider => new EmbeddedHeartbeatStore(provider.Database(OperationsSchema.FileName)));
        return services;
    }

    // Each file is opened once per process, at its first use, and closed with the host.
    private static void AddDatabase(this IServiceCollection services, string fileName, Func<DataFolder, SqliteDatabase> open) =>
        services.TryAddKeyedSingleton(fileName, (provider, _) => open(provider.GetRequiredService<DataFolder>()));

    private static SqliteDatabase Database(this IServiceProvider provider, string fileName) => provider.GetRequiredKeyedService<SqliteDatabase>(fileName);

    private static TimeProvider Time(this IServiceProvider provider) => provider.GetRequiredService<TimeProvider>();
}
