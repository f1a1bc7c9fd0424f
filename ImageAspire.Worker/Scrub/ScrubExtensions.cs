using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ImageAspire.Worker.Scrub;

/// <summary>Registers the scrub.</summary>
internal static class ScrubExtensions
{
    private static readonly TimeSpan CheckLimit = TimeSpan.FromSeconds(3);

    /// <summary>Adds the scrub, unless <see cref="WorkerOptions.ScrubBytesPerSecond"/> is 0, and the health check <c>originals</c>.</summary>
    public static IServiceCollection AddScrub(this IServiceCollection services)
    {
        services.AddSingleton<ReadPace>();
        services.AddSingleton<ScrubLease>();
        services.AddSingleton<OriginalReader>();
        services.AddSingleton<OriginalExaminer>();
        services.AddSingleton<ScrubRegister>();
        services.AddSingleton<ScrubPass>();
        services.AddSingleton<Scrubber>();
        services.AddHostedService<ScrubService>();
        services.AddHealthChecks().AddCheck<OriginalsCheck>("originals", HealthStatus.Degraded, tags: [], CheckLimit);
        return services;
    }
}
