using ImageAspire.Core.Ports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ImageAspire.Analysis;

/// <summary>Registration of the built-in analyser.</summary>
public static class AnalysisExtensions
{
    /// <summary>Sets <see cref="IImageAnalyzer"/> to the one that needs no service: measured facts in words, no objects.</summary>
    public static IServiceCollection AddBuiltInAnalyzer(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.Replace(ServiceDescriptor.Singleton<IImageAnalyzer, BuiltInAnalyzer>());
        return services;
    }
}
