using ImageAspire.Imaging;
using ImageAspire.Vision.Api;
using ImageAspire.Vision.Embeddings;
using ImageAspire.Vision.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ImageAspire.Vision.Hosting;

/// <summary>Registers the API and maps its routes.</summary>
internal static class VisionServices
{
    /// <summary>Adds the API, with settings from section <c>Vision</c>, validated at start. Call it after <see cref="ImagingExtensions.AddImaging(IServiceCollection, IConfiguration)"/>.</summary>
    public static void AddVisionApi(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<VisionOptions>().Bind(configuration.GetSection(VisionOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<VisionOptions>, VisionOptions.Validator>());
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<VisionOptions>>().Value);
        services.AddSingleton(provider => new VisionKey(provider.GetRequiredService<VisionOptions>().Key));
        services.AddSingleton(provider => provider.GetRequiredService<VisionOptions>().Models is { Length: > 0 } folder
            ? new ModelFolder(Path.GetFullPath(folder)) : ModelFolder.BesideTheProgram);
        services.AddSingleton<Readiness>();
        services.AddSingleton<AnalysisQueue>();
        services.AddKeyedSingleton(ApiWork.Texts, (provider, _) => ActivatorUtilities.CreateInstance<AnalysisQueue>(provider, provider.GetRequiredService<VisionOptions>().OneAtATime()));
        services.AddSingleton<LocalImages>();
        services.AddSingleton<ImageBodies>();
        services.AddSingleton<ApiWork>();
        services.LimitImageSizes();
        services.AddSingleton<EmbeddingModels>();
        // Null where the model is not installed.
        services.AddSingleton<ITextEmbedding>(provider => provider.GetRequiredService<EmbeddingModels>().Text!);
        services.AddSingleton<IImageEmbedding>(provider => provider.GetRequiredService<EmbeddingModels>().Image!);
        services.AddHealthChecks().AddCheck<EngineHealth>("engines");
        services.AddHostedService<WarmUp>();
    }

    /// <summary>Maps everything below <c>/computervision</c>; every other address is not found, as the public API says it.</summary>
    public static void MapVisionApi(this WebApplication app)
    {
        var api = app.MapGroup("/computervision").AddEndpointFilter<KeyFilter>();
        api.MapImageAnalysis();
        api.MapRetrieval();
        app.MapFallback("{*path}", (HttpContext _) => { throw new ApiException(ApiError.NotFound); });
    }

    // What decodes to pixels here refuses images that are too small.
    private static void LimitImageSizes(this IServiceCollection services)
    {
        var decoder = services.Last(service => service.ServiceType == typeof(IPixelDecoder)).ImplementationFactory!;
        services.Replace(ServiceDescriptor.Singleton<IPixelDecoder>(provider => new ImageLimits((IPixelDecoder)decoder(provider))));
    }
}
