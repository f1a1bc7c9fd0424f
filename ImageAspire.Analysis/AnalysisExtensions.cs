using ImageAspire.Core.Ports;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ImageAspire.Analysis;

/// <summary>Registers the analysers that need no cloud.</summary>
public static class AnalysisExtensions
{
    /// <summary>
    /// Sets <see cref="IImageAnalyzer"/> and <see cref="IImageVectorizer"/>: the vision service that section <c>Vision</c> names, or the
    /// built-in analyser and no vectors when it names none.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">The whole configuration, not the section.</param>
    public static IServiceCollection AddLocalAnalyzer(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        if (string.IsNullOrEmpty(configuration[$"{VisionServiceOptions.Section}:{nameof(VisionServiceOptions.Endpoint)}"]))
        {
            services.Replace(ServiceDescriptor.Singleton<IImageVectorizer, NoVectorizer>());
            return services.Replace(ServiceDescriptor.Singleton<IImageAnalyzer, BuiltInAnalyzer>());
        }

        services.AddOptions<VisionServiceOptions>().Bind(configuration.GetSection(VisionServiceOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<VisionServiceOptions>, ValidateVisionServiceOptions>());
        services.TryAddSingleton(provider => new VisionClient(
            VisionServiceProfile.Local, provider.GetRequiredService<IOptions<VisionServiceOptions>>().Value, provider.GetRequiredService<TimeProvider>()));
        services.Replace(ServiceDescriptor.Singleton<IImageVectorizer>(provider => new CachedVectorizer(new VisionVectorizer(
            VisionServiceProfile.Local, provider.GetRequiredService<IOptions<VisionServiceOptions>>().Value, provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<VisionVectorizer>>()))));
        services.TryAddSingleton<IAnalyzerProbe>(provider => provider.GetRequiredService<VisionClient>());
        return services.Replace(ServiceDescriptor.Singleton<IImageAnalyzer, LocalVisionAnalyzer>());
    }
}
