using System.Text.Json;
using Azure;
using Azure.AI.Vision.ImageAnalysis;
using Azure.Core;
using Azure.Identity;
using ImageAspire.Analysis;
using ImageAspire.Azure.ConnectionStrings;
using ImageAspire.Core.Ports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ImageAspire.Azure.Analysis;

/// <summary>Azure AI Vision with its SDK, which adds authentication and spans. The raw response is read, so that both implementations share the mapping.</summary>
internal sealed class VisionBySdk(ImageAnalysisClient client, string language) : IVisionService
{
    private const VisualFeatures Features = VisualFeatures.Tags | VisualFeatures.Objects | VisualFeatures.People | VisualFeatures.Read;

    /// <inheritdoc />
    public async Task<VisionAnswer> AskAsync(BinaryData image, bool captions, CancellationToken cancellationToken)
    {
        var options = new ImageAnalysisOptions { Language = language, GenderNeutralCaption = captions ? true : null };
        try
        {
            var response = await client.AnalyzeAsync(image, captions ? Features | VisualFeatures.Caption : Features, options, cancellationToken);
            return JsonSerializer.Deserialize(response.GetRawResponse().Content, VisionJson.Default.VisionAnswer) ?? throw new JsonException("Azure AI Vision returned null.");
        }
        catch (RequestFailedException error) when (error.GetRawResponse() is { } response)
        {
            var retryAfter = response.Headers.TryGetValue("Retry-After", out var value) ? value : null;
            throw VisionFailure.Of(response.Status, response.Content, retryAfter).ToException(AzureVisionAnalyzer.Kind, error);
        }
        catch (Exception error) when (IsUnreachable(error, cancellationToken))
        {
            throw new AnalyzerUnavailableException($"{AzureVisionAnalyzer.Kind.Name} cannot be reached; the image waits.", null, error);
        }
    }

    // Network, name resolution, token: every failure without a response. Our own cancellation is none of them.
    private static bool IsUnreachable(Exception error, CancellationToken ours) =>
        error is RequestFailedException or HttpRequestException or IOException or AuthenticationFailedException or AggregateException { InnerException: RequestFailedException }
        || error is OperationCanceledException && !ours.IsCancellationRequested;
}

/// <summary>Registration.</summary>
internal static class VisionServices
{
    /// <summary>Sets <see cref="IVisionService"/>.</summary>
    public static void AddVisionService(this IServiceCollection services, VisionConnection connection) => services.TryAddSingleton<IVisionService>(provider =>
    {
        var options = provider.GetRequiredService<IOptions<VisionOptions>>().Value;
        // The stage retries, and counts.
        var settings = new ImageAnalysisClientOptions { Retry = { MaxRetries = 0, NetworkTimeout = options.TimeLimit } };
        var client = connection.Key is { } key
            ? new ImageAnalysisClient(connection.Endpoint, new AzureKeyCredential(key), settings)
            : new ImageAnalysisClient(connection.Endpoint, provider.GetRequiredService<TokenCredential>(), settings);
        return new VisionBySdk(client, options.Language);
    });
}
