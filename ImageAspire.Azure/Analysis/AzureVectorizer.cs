using ImageAspire.Analysis;
using ImageAspire.Azure.ConnectionStrings;
using ImageAspire.Core.Ports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Azure.Analysis;

/// <summary>Vectors by Azure AI Vision. Its SDK does not have them, so this is its REST API with either feed.</summary>
internal static class AzureVectorizer
{
    /// <summary>A client with a key, or with a token of Entra ID.</summary>
    public static IImageVectorizer Create(IServiceProvider services, VisionConnection connection)
    {
        var (service, authentication) = AzureVisionService.Of(services, connection);
        return new CachedVectorizer(new VisionVectorizer(
            AzureVisionAnalyzer.Profile, service, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<VisionVectorizer>>(), authentication));
    }
}
