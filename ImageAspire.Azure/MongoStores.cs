using ImageAspire.Azure.Alarms;
using ImageAspire.Azure.ApiKeys;
using ImageAspire.Azure.Audit;
using ImageAspire.Azure.Catalog;
using ImageAspire.Azure.Heartbeats;
using ImageAspire.Azure.Reports;
using ImageAspire.Azure.Reprocessing;
using ImageAspire.Azure.Scrub;
using ImageAspire.Azure.Search;
using ImageAspire.Azure.Webhooks;
using ImageAspire.Core.Ports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ImageAspire.Azure;

/// <summary>Registers the stores on MongoDB.</summary>
internal static class MongoStores
{
    /// <summary>Sets catalog, trash, vector index, audit log, reporting store, webhooks, API keys, spent tokens, reprocessing jobs, the scrub's state, heartbeats and alarms, on the container's <c>IMongoDatabase</c>; adds index creation, the upgrade of old documents and the outbox relay, which needs an <see cref="IEventBus"/>.</summary>
    public static IServiceCollection AddMongoStores(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<OutboxQueue>();
        services.TryAddSingleton<Outbox>();
        services.TryAddSingleton<IImageCatalog, MongoImageCatalog>();
        services.TryAddSingleton<IImageTrash, MongoImageTrash>();
        services.TryAddSingleton<IVectorIndex, MongoVectorIndex>();
        services.TryAddSingleton<IStorageUse, MongoStorageUse>();
        services.TryAddSingleton<IAuditLog, MongoAuditLog>();
        services.TryAddSingleton<IReportStore, MongoReportStore>();
        services.TryAddSingleton<IWebhookStore, MongoWebhookStore>();
        services.TryAddSingleton<IWebhookDeliveries, MongoWebhookDeliveries>();
        services.TryAddSingleton<IApiKeyStore, MongoApiKeyStore>();
        services.TryAddSingleton<ISpentTokenStore, MongoSpentTokenStore>();
        services.TryAddSingleton<IReprocessingJobStore, MongoReprocessingJobStore>();
        services.TryAddSingleton<IScrubProgressStore, MongoScrubProgressStore>();
        services.TryAddSingleton<IScrubFindingStore, MongoScrubFindingStore>();
        services.TryAddSingleton<IAlarmStore, MongoAlarmStore>();
        services.TryAddSingleton<IHeartbeatStore, MongoHeartbeatStore>();
        services.AddHostedService<MongoIndexes>(); // first: unique indexes before the first write
        services.AddHostedService<OutboxRelay>();
        services.AddHostedService<CatalogUpgrade>();
        return services;
    }
}
