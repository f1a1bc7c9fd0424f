using ImageAspire.Imaging;
using ImageAspire.Vision.Analysis;
using ImageAspire.Vision.Models;
using ImageAspire.Vision.Objects;
using Microsoft.Extensions.DependencyInjection;

namespace ImageAspire.Vision.Engine;

/// <summary>Registers what looks at images.</summary>
internal static class VisionEngine
{
    /// <summary>Adds <see cref="IImageAnalysis"/> and its engines, whose models are loaded when they are needed first.</summary>
    public static void AddVisionEngine(this IServiceCollection services)
    {
        services.AddSingleton<IObjectDetector>(provider => new ObjectDetector(provider.GetRequiredService<ModelFolder>()));
        services.AddSingleton<IFaceDetector>(provider => new FaceDetector(provider.GetRequiredService<ModelFolder>()));
        services.AddSingleton<ITextReader>(provider => new Text.TextReader(provider.GetRequiredService<ModelFolder>()));
        services.AddSingleton<IImageAnalysis>(provider => new ImageAnalyzer(
            provider.GetRequiredService<IPixelDecoder>(), Lazily<IObjectDetector>(provider), Lazily<IFaceDetector>(provider), Lazily<ITextReader>(provider)));
    }

    private static Lazy<T> Lazily<T>(IServiceProvider provider)
        where T : notnull => new(provider.GetRequiredService<T>);
}
