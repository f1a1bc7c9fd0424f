using System.Net;
using ImageAspire.Core.Webhooks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ImageAspire.Webhooks;

/// <summary>Registers the addresses of webhooks: the Api refuses others when a webhook is created, the Worker at each connection.</summary>
public static class WebhookAddressExtensions
{
    /// <summary>Adds <see cref="WebhookAddresses"/> with settings from section <c>Webhooks</c>, validated at start.</summary>
    public static IServiceCollection AddWebhookAddresses(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddOptions<WebhookAddressOptions>().Bind(configuration.GetSection(WebhookAddressOptions.Section)).ValidateOnStart();
        services.TryAddSingleton<ResolveHost>(Dns.GetHostAddressesAsync);
        services.TryAddSingleton(provider => new WebhookAddresses(provider.GetRequiredService<IOptions<WebhookAddressOptions>>().Value, provider.GetRequiredService<ResolveHost>()));
        return services;
    }
}
