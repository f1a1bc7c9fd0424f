using ImageAspire.Core.Webhooks;
using ImageAspire.ServiceDefaults;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ImageAspire.Worker.Webhooks;

/// <summary>Registers webhooks.</summary>
internal static class WebhookExtensions
{
    /// <summary>Adds the sender of what <c>NotifySubscribers</c> enqueues, with settings from section <c>Worker:Webhooks</c>, validated at start.</summary>
    public static IServiceCollection AddWebhooks(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<WebhookOptions>().Bind(configuration.GetSection(WebhookOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<WebhookOptions>, WebhookOptions.Validator>());
        services.TryAddSingleton(provider => provider.GetRequiredService<IOptions<WebhookOptions>>().Value);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<DeliverySignal>();
        services.AddWebhookAddresses(configuration);
        services.AddSingleton<WebhookClient>();
        services.AddSingleton<DeliveryExecutor>();
        services.AddSingleton<DueDeliveries>();
        services.AddHostedService<WebhookSender>();
        return services;
    }
}
