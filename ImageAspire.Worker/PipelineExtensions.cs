using ImageAspire.Core.Pipeline;
using ImageAspire.ServiceDefaults;
using ImageAspire.ServiceDefaults.Heartbeats;
using ImageAspire.Worker.Scrub;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ImageAspire.Worker;

/// <summary>Registers the pipeline.</summary>
internal static class PipelineExtensions
{
    /// <summary>
    /// Adds the stages of <see cref="StageCatalog"/>, what runs them, the sweepers, the scrub and the gauges, with settings from section <c>Worker</c>,
    /// validated at start.
    /// </summary>
    public static IServiceCollection AddPipeline(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<WorkerOptions>().Bind(configuration.GetSection(WorkerOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<WorkerOptions>, WorkerOptions.Validator>());
        services.TryAddSingleton(provider => provider.GetRequiredService<IOptions<WorkerOptions>>().Value);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<HostExit>();
        foreach (var stage in StageCatalog.All)
            services.AddSingleton(stage.Type);
        services.AddSingleton<VectorMaker>();
        services.AddSingleton<HungStageMonitor>();
        services.AddSingleton<StageRetryLog>();
        services.AddSingleton<IHeartbeatPart>(provider => provider.GetRequiredService<StageRetryLog>());
        services.AddSingleton<StageExecutorFactory>();
        services.AddHostedService<PipelineService>();
        services.AddSingleton<TopologyCheck>();
        services.AddHostedService(provider => provider.GetRequiredService<TopologyCheck>()); // after the pipeline, which creates what is missing where it can
        services.AddHealthChecks().AddCheck<TopologyCheck>("topology");
        services.AddSingleton<StrandedSweeper>();
        services.AddSingleton<OrphanSweeper>();
        services.AddSingleton<UploadSweeper>();
        services.AddSingleton<ImageEraser>();
        services.AddSingleton<TrashSweeper>();
        services.AddSingleton<DeadLetterSweeper>();
        services.AddHostedService<SweeperService>();
        services.AddHostedService<SubscriptionGauges>();
        services.AddScrub();
        services.AddHostedService<AuditHeadLog>();
        services.AddHostedService<BackupService>();
        services.AddHealthChecks().AddCheck<BackupsCheck>("backups");
        return services;
    }
}
