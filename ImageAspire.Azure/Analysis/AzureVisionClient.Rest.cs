using Azure.Core;
using ImageAspire.Analysis;
using ImageAspire.Azure.ConnectionStrings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ImageAspire.Azure.Analysis;

/// <summary>Azure AI Vision over its REST API. Compiled where the feed lacks the SDK; the twin is AzureVisionClient.Sdk.cs.</summary>
internal static class AzureVisionClient
{
    /// <summary>A client with a key, or with a token of Entra ID.</summary>
    public static IVisionClient Create(IServiceProvider services, VisionConnection connection)
    {
        var time = services.GetRequiredService<TimeProvider>();
        var options = services.GetRequiredService<IOptions<AzureVisionOptions>>().Value;
        var authentication = connection.Key is null ? new EntraTokenHandler(services.GetRequiredService<TokenCredential>(), time) : null;
        var service = new VisionServiceOptions { Endpoint = connection.Endpoint.AbsoluteUri, Key = connection.Key ?? "", TimeLimit = options.TimeLimit };
        return new VisionClient(AzureVisionAnalyzer.Profile, service, time, authentication);
    }
}
