using ImageAspire.Core.Pipeline;
using ImageAspire.ServiceDefaults;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ImageAspire.Worker;

/// <summary>Registers stages and what runs them.</summary>
public static class PipelineExtensions
{
    /// <summary>Adds one stage.</summary>
    public static IServiceCollection AddStage<TStage>(this IServiceCollection services)
        where TStage : class, IStage => services.AddSingleton<IStage, TStage>();

    /// <summary>Adds the runner of all stages, the sweepers and the gauges of the topic, with settings from section <c>Worker</c>, checked at start.</summary>
    public static IServiceCollection AddPipeline(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<WorkerOptions>().Bind(configuration.GetSection(WorkerOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<WorkerOptions>, WorkerOptions.Validator>());
        services.TryAddSingleton(provider => provider.GetRequiredService<IOptions<WorkerOptions>>().Value);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<HostExit>();
        services.AddSingleton<HungStageMonitor>();
        services.AddSingleton<StageRunners>();
        services.AddHostedService<PipelineService>();
        services.AddSingleton<StrandedSweeper>();
        services.AddSingleton<OrphanSweeper>();
        services.AddSingleton<UploadSweeper>();
        services.AddHostedService<SweeperService>();
        services.AddHostedService<SubscriptionGauges>();
        return services;
    }
}
