using ImageAspire.ServiceDefaults.Health;
using ImageAspire.Webhooks;

namespace ImageAspire.Api.Alarms;

/// <summary>Registers the alarms, and the sender of webhooks that goes with them: that no Worker runs, only an Api can tell.</summary>
internal static class AlarmServices
{
    public static void AddAlarms(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<OutcomeRates>();
        services.AddSingleton<SystemReader>();
        services.AddSingleton<AlarmAnnouncer>();
        services.AddSingleton<AlarmMonitor>();
        services.AddHostedService(provider => provider.GetRequiredService<AlarmMonitor>());
        services.AddHostedService<AlarmGauge>();
        services.AddHealthChecks().AddCheck<AlarmHealthCheck>("alarms", tags: [HealthEndpoints.LoggedTag]);
        services.AddWebhookSender(configuration, provider =>
        {
            var monitor = provider.GetRequiredService<AlarmMonitor>();
            return () => monitor.Look?.HasNoWorker == true;
        });
    }
}
