using ImageAspire.Core.Webhooks;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ImageAspire.Worker.Webhooks;

/// <summary>Registers what tells subscribers outside.</summary>
public static class WebhookExtensions
{
    /// <summary>Adds the stage that enqueues deliveries and the sender, with settings from section <c>Worker:Webhooks</c>, checked at start.</summary>
    public static IServiceCollection AddWebhooks(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<WebhookOptions>().Bind(configuration.GetSection(WebhookOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<WebhookOptions>, WebhookOptions.Validator>());
        services.TryAddSingleton(provider => provider.GetRequiredService<IOptions<WebhookOptions>>().Value);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<DeliverySignal>();
        services.AddSingleton(provider => new WebhookClient(provider.GetRequiredService<WebhookOptions>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<DeliveryRunner>();
        services.AddSingleton<DueDeliveries>();
        services.AddHostedService<WebhookSender>();
        return services;
    }
}
