using Azure.Core;
using ImageAspire.Analysis;
using ImageAspire.Azure.ConnectionStrings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ImageAspire.Azure.Analysis;

/// <summary>How the REST API of an Azure AI Vision resource is called.</summary>
internal static class AzureVisionService
{
    /// <summary>With a key, or with tokens of Entra ID, which the handler adds.</summary>
    public static (VisionServiceOptions Options, DelegatingHandler? Authentication) Of(IServiceProvider services, VisionConnection connection) => (
        new VisionServiceOptions
        {
            Endpoint = connection.Endpoint.AbsoluteUri, Key = connection.Key ?? "", TimeLimit = services.GetRequiredService<IOptions<AzureVisionOptions>>().Value.TimeLimit,
        },
        connection.Key is null ? new EntraTokenHandler(services.GetRequiredService<TokenCredential>(), services.GetRequiredService<TimeProvider>()) : null);
}
