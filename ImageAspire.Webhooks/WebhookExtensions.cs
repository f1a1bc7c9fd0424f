using ImageAspire.Core.Webhooks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ImageAspire.Webhooks;

/// <summary>Registers webhooks.</summary>
internal static class WebhookExtensions
{
    /// <summary>Adds the sender of what is enqueued, with settings from section <c>Webhooks</c>, validated at start.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">The whole configuration.</param>
    /// <param name="turn">When this process sends; null for always.</param>
    public static IServiceCollection AddWebhookSender(this IServiceCollection services, IConfiguration configuration, Func<IServiceProvider, SenderTurn>? turn = null)
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
        services.AddSingleton(turn ?? (_ => () => true));
        services.AddHostedService<WebhookSender>();
        return services;
    }
}
