using ImageAspire.Core.Ports;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ImageAspire.Analysis;

/// <summary>Registration of the analyser that needs no cloud.</summary>
public static class VisionServiceExtensions
{
    /// <summary>
    /// Sets <see cref="IImageAnalyzer"/>: the vision service that section <c>Vision</c> names, or the built-in analyser when it names none.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">The whole configuration, not the section.</param>
    public static IServiceCollection AddLocalAnalyzer(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddBuiltInAnalyzer();
        if (string.IsNullOrEmpty(configuration[$"{VisionServiceOptions.Section}:{nameof(VisionServiceOptions.Endpoint)}"]))
            return services;
        services.AddOptions<VisionServiceOptions>().Bind(configuration.GetSection(VisionServiceOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<VisionServiceOptions>, ValidateVisionServiceOptions>());
        services.TryAddSingleton(provider => new VisionServiceClient(
            VisionServiceKind.Local, provider.GetRequiredService<IOptions<VisionServiceOptions>>().Value, provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<IAnalyzerProbe>(provider => provider.GetRequiredService<VisionServiceClient>());
        services.Replace(ServiceDescriptor.Singleton<IImageAnalyzer>(provider => new VisionServiceAnalyzer(
            provider.GetRequiredService<VisionServiceClient>(), provider.GetRequiredService<TimeProvider>())));
        return services;
    }
}
