using Azure.Core;
using ImageAspire.Analysis;
using ImageAspire.Azure.ConnectionStrings;
using ImageAspire.Core.Ports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ImageAspire.Azure.Analysis;

/// <summary>Vectors by Azure AI Vision. Its SDK does not have them, so this is its REST API with either feed.</summary>
internal static class AzureVectorizer
{
    /// <summary>A client with a key, or with a token of Entra ID.</summary>
    public static IImageVectorizer Create(IServiceProvider services, VisionConnection connection)
    {
        var time = services.GetRequiredService<TimeProvider>();
        var options = services.GetRequiredService<IOptions<AzureVisionOptions>>().Value;
        var authentication = connection.Key is null ? new EntraTokenHandler(services.GetRequiredService<TokenCredential>(), time) : null;
        var service = new VisionServiceOptions { Endpoint = connection.Endpoint.AbsoluteUri, Key = connection.Key ?? "", TimeLimit = options.TimeLimit };
        return new CachedVectorizer(new VisionVectorizer(
            AzureVisionAnalyzer.Profile, service, time, services.GetRequiredService<ILogger<VisionVectorizer>>(), authentication));
    }
}
