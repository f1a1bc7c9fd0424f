using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Vectors;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Analysis;

/// <summary>
/// The client of "multimodal embeddings" of Azure AI Vision 4.0 (<c>retrieval:vectorizeText</c>, <c>retrieval:vectorizeImage</c>), for a
/// service of one's own and for Azure. After a failure it asks nothing for some seconds, and where vectors are not offered for some minutes:
/// searches do not wait for what is not there, and analyses wait only while the failure is new.
/// </summary>
internal sealed partial class VisionVectorizer(
    VisionServiceProfile profile, VisionServiceOptions options, TimeProvider time, ILogger<VisionVectorizer> logger, DelegatingHandler? authentication = null)
    : IImageVectorizer, IDisposable
{
    // 1,024 numbers of 25 characters, twice over.
    private const int MaxResponseBytes = 64 * 1024;
    private const string Parameters = "?api-version=2024-02-01&model-version=2023-04-15";
    private static readonly TimeSpan Busy = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan WhereNotOffered = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan NewOutage = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http = VisionHttp.Create(options, MaxResponseBytes, authentication);
    private readonly RequestPause _text = new(time), _image = new(time);

    public bool HasOneSpace => profile.HasOneSpace;

    public Task<EmbeddingVector?> OfTextAsync(string text, TimeSpan timeLimit, CancellationToken cancellationToken) => RequestAsync(
        "vectorizeText", _text, () => JsonContent.Create(new VectorRequest(text), VisionJson.Default.VectorRequest), timeLimit, cancellationToken);

    public Task<EmbeddingVector?> OfImageAsync(ReadOnlyMemory<byte> image, TimeSpan timeLimit, CancellationToken cancellationToken) => RequestAsync(
        "vectorizeImage", _image, () => new ReadOnlyMemoryContent(image) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } },
        timeLimit, cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<EmbeddingVector?> RequestAsync(string operation, RequestPause pause, Func<HttpContent> body, TimeSpan timeLimit, CancellationToken cancellationToken)
    {
        if (pause.Current() is { } paused)
        {
            if (paused.IsNotOffered)
                return null;
            var (now, wait) = (time.GetUtcNow(), paused.Until - time.GetUtcNow());
            if (wait >= timeLimit || now - paused.Since > NewOutage)
                throw new VectorizerUnavailableException($"{profile.Name} made no vector a moment ago.");
            if (wait > TimeSpan.Zero)
                await Task.Delay(wait, time, cancellationToken);
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeLimit);
        try
        {
            using var response = await SendAsync(operation, body, limit.Token);
            if (!IsRefused(response.StatusCode))
            {
                response.EnsureSuccessStatusCode();
                var vector = await ReadAsync(response, limit.Token);
                pause.End();
                return vector;
            }

            var failure = VisionFailure.Of((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(limit.Token), retryAfter: null);
            if (!IsNotOffered(failure))
                LogRefused(logger, profile.Name, operation, failure.Message);
            else if (pause.Begin(WhereNotOffered, isNotOffered: true))
                LogNotOffered(logger, profile.Name, operation, failure.Status);
            return null;
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested
            && error is HttpRequestException or OperationCanceledException or JsonException or IOException or AnalyzerUnavailableException)
        {
            if (pause.Begin(AfterFailure, isNotOffered: false))
                LogFailed(logger, profile.Name, operation, error.Message);
            throw new VectorizerUnavailableException($"{profile.Name} made no vector: {error.Message}", error);
        }
    }

    // A busy service is asked again, within the time limit.
    private async Task<HttpResponseMessage> SendAsync(string operation, Func<HttpContent> body, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var content = body();
            var response = await _http.PostAsync(new Uri($"computervision/retrieval:{operation}{Parameters}", UriKind.Relative), content, cancellationToken);
            if (response.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable))
                return response;
            var wait = response.Headers.RetryAfter?.Delta ?? Busy;
            response.Dispose();
            await Task.Delay(wait, time, cancellationToken);
        }
    }

    private static bool IsRefused(HttpStatusCode status) => status is HttpStatusCode.BadRequest or HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed
        or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnsupportedMediaType or HttpStatusCode.UnprocessableEntity;

    // The local service without the models, or Azure in a region without them. Any other refusal is of one text or image.
    private static bool IsNotOffered(VisionFailure failure) => failure.Status is 404 or 405
        || failure.Code.StartsWith("NotSupported", StringComparison.OrdinalIgnoreCase) || failure.Message.Contains("not supported in this region", StringComparison.OrdinalIgnoreCase);

    private static async Task<EmbeddingVector> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var answer = await response.Content.ReadFromJsonAsync(VisionJson.Default.VisionVector, cancellationToken);
        return EmbeddingVector.TryCreate(answer?.ModelVersion, answer?.Vector) ?? throw new JsonException("The response is no vector.");
    }

    [LoggerMessage(LogLevel.Warning, "{Service} does not offer {Operation} (HTTP {Status}): new images are not found by it. It is asked again in five minutes.")]
    private static partial void LogNotOffered(ILogger logger, string service, string operation, int status);

    [LoggerMessage(LogLevel.Information, "{Service} makes no vector of one text or image ({Operation}): {Reason}")]
    private static partial void LogRefused(ILogger logger, string service, string operation, string reason);

    [LoggerMessage(LogLevel.Warning, "{Service} made no vector ({Operation}): {Reason} Everything else goes on without; further failures are not logged until it works again.")]
    private static partial void LogFailed(ILogger logger, string service, string operation, string reason);
}
