using Azure.Core;
using ImageAspire.Analysis;
using ImageAspire.Azure.ConnectionStrings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ImageAspire.Azure.Analysis;

/// <summary>Azure AI Vision with its REST API, with a key or an Entra token.</summary>
internal sealed class VisionByRest(VisionServiceClient client, string language) : IVisionService, IDisposable
{
    /// <inheritdoc />
    public Task<VisionAnswer> AskAsync(BinaryData image, bool captions, CancellationToken cancellationToken) => client.AnalyzeAsync(
        new VisionQuestion(_ => Task.FromResult(image.ToStream())) { Captions = captions, Language = language }, cancellationToken);

    /// <inheritdoc />
    public void Dispose() => client.Dispose();
}

/// <summary>Registration.</summary>
internal static class VisionServices
{
    /// <summary>Sets <see cref="IVisionService"/>.</summary>
    public static void AddVisionService(this IServiceCollection services, VisionConnection connection) => services.TryAddSingleton<IVisionService>(provider =>
    {
        var (options, time) = (provider.GetRequiredService<IOptions<VisionOptions>>().Value, provider.GetRequiredService<TimeProvider>());
        var signer = connection.Key is null ? new EntraTokenHandler(provider.GetRequiredService<TokenCredential>(), time) : null;
        var service = new VisionServiceOptions { Endpoint = connection.Endpoint.AbsoluteUri, Key = connection.Key ?? "", TimeLimit = options.TimeLimit };
        return new VisionByRest(new VisionServiceClient(AzureVisionAnalyzer.Kind, service, time, signer), options.Language);
    });
}
