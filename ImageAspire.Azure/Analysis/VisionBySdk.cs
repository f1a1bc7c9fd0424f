using System.Text.Json;
using Azure;
using Azure.AI.Vision.ImageAnalysis;
using Azure.Core;
using Azure.Identity;
using ImageAspire.Analysis;
using ImageAspire.Core.Ports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ImageAspire.Azure.Analysis;

/// <summary>Azure AI Vision by its SDK, which brings authentication, retries and spans. Its answer is read as the REST API's, so both twins map the same.</summary>
internal sealed class VisionBySdk(ImageAnalysisClient client, string language) : IVisionService
{
    private const VisualFeatures Always = VisualFeatures.Tags | VisualFeatures.Objects | VisualFeatures.People | VisualFeatures.Read;

    /// <inheritdoc />
    public async Task<VisionAnswer> AskAsync(BinaryData image, bool captions, CancellationToken cancellationToken)
    {
        var wishes = new ImageAnalysisOptions { Language = language, GenderNeutralCaption = captions ? true : null };
        try
        {
            var answer = await client.AnalyzeAsync(image, captions ? Always | VisualFeatures.Caption : Always, wishes, cancellationToken);
            return JsonSerializer.Deserialize(answer.GetRawResponse().Content, VisionJson.Default.VisionAnswer) ?? throw new JsonException("Azure AI Vision answered null.");
        }
        catch (RequestFailedException error) when (error.GetRawResponse() is { } answer)
        {
            var retryAfter = answer.Headers.TryGetValue("Retry-After", out var value) ? value : null;
            throw VisionFailure.Of(answer.Status, answer.Content, retryAfter).ToException(AzureVisionAnalyzer.Kind, error);
        }
        catch (Exception error) when (IsUnreachable(error, cancellationToken))
        {
            throw new AnalyzerUnavailableException($"{AzureVisionAnalyzer.Kind.Name} cannot be reached; the image waits.", null, error);
        }
    }

    // The network, a name, a token: whatever is not an answer of the service. A time limit of ours is not among them.
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
        var settings = new ImageAnalysisClientOptions { Retry = { NetworkTimeout = options.TimeLimit } };
        var client = connection.Key is { } key
            ? new ImageAnalysisClient(connection.Endpoint, new AzureKeyCredential(key), settings)
            : new ImageAnalysisClient(connection.Endpoint, provider.GetRequiredService<TokenCredential>(), settings);
        return new VisionBySdk(client, options.Language);
    });
}
