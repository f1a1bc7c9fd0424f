using System.Text.Json;
using Azure;
using Azure.AI.Vision.ImageAnalysis;
using Azure.Core;
using Azure.Identity;
using ImageAspire.Analysis;
using ImageAspire.Azure.ConnectionStrings;
using ImageAspire.Core.Errors;
using ImageAspire.Core.Ports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ImageAspire.Azure.Analysis;

/// <summary>
/// Azure AI Vision by its SDK, which brings authentication and spans. Its response is read as the REST API's, so that both twins map the
/// same; the other is AzureVisionClient.Rest.cs.
/// </summary>
internal sealed class AzureVisionClient(ImageAnalysisClient client) : IVisionClient
{
    private const VisualFeatures Always = VisualFeatures.Tags | VisualFeatures.Objects | VisualFeatures.People | VisualFeatures.Read;

    /// <summary>A client with a key, or with a token of Entra ID.</summary>
    public static IVisionClient Create(IServiceProvider services, VisionConnection connection)
    {
        var options = services.GetRequiredService<IOptions<AzureVisionOptions>>().Value;
        // The stage retries, and counts.
        var settings = new ImageAnalysisClientOptions { Retry = { MaxRetries = 0, NetworkTimeout = options.TimeLimit } };
        return new AzureVisionClient(connection.Key is { } key
            ? new ImageAnalysisClient(connection.Endpoint, new AzureKeyCredential(key), settings)
            : new ImageAnalysisClient(connection.Endpoint, services.GetRequiredService<TokenCredential>(), settings));
    }

    /// <inheritdoc />
    public async Task<VisionResult> AnalyzeAsync(VisionRequest request, CancellationToken cancellationToken)
    {
        await using var bytes = await request.Open(cancellationToken);
        var image = await BinaryData.FromStreamAsync(bytes, cancellationToken);
        var wishes = new ImageAnalysisOptions { Language = request.Language, GenderNeutralCaption = request.Captions ? true : null };
        try
        {
            var response = await client.AnalyzeAsync(image, request.Captions ? Always | VisualFeatures.Caption : Always, wishes, cancellationToken);
            return JsonSerializer.Deserialize(response.GetRawResponse().Content, VisionJson.Default.VisionResult) ?? throw new JsonException("Azure AI Vision answered null.");
        }
        catch (RequestFailedException error) when (error.GetRawResponse() is { } response)
        {
            var retryAfter = response.Headers.TryGetValue("Retry-After", out var value) ? value : null;
            throw VisionFailure.Of(response.Status, response.Content, retryAfter).ToException(AzureVisionAnalyzer.Profile, error);
        }
        catch (Exception error) when (IsUnreachable(error, cancellationToken))
        {
            throw new AnalyzerUnavailableException($"{AzureVisionAnalyzer.Profile.Name} cannot be reached; the image waits.", null, error) { Cause = CauseOf(error) };
        }
    }

    private static string? CauseOf(Exception error) => error switch
    {
        AuthenticationFailedException => FaultCauses.DependencyRefused,
        OperationCanceledException => FaultCauses.DependencySlow,
        _ => null,
    };

    // The network, a name, a token: whatever is not a response of the service. The stage's own time limit is not among them.
    private static bool IsUnreachable(Exception error, CancellationToken ours) =>
        error is RequestFailedException or HttpRequestException or IOException or AuthenticationFailedException or AggregateException { InnerException: RequestFailedException }
        || error is OperationCanceledException && !ours.IsCancellationRequested;
}
