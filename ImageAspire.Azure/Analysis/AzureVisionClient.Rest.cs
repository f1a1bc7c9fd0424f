using ImageAspire.Analysis;
using ImageAspire.Azure.ConnectionStrings;
using Microsoft.Extensions.DependencyInjection;

namespace ImageAspire.Azure.Analysis;

/// <summary>Azure AI Vision over its REST API. Compiled where the feed lacks the SDK; the twin is AzureVisionClient.Sdk.cs.</summary>
internal static class AzureVisionClient
{
    /// <summary>A client with a key, or with a token of Entra ID.</summary>
    public static IVisionClient Create(IServiceProvider services, VisionConnection connection)
    {
        var (service, authentication) = AzureVisionService.Of(services, connection);
        return new VisionClient(AzureVisionAnalyzer.Profile, service, services.GetRequiredService<TimeProvider>(), authentication);
    }
}
