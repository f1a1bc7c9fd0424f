using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using ImageAspire.Core.Diagnostics;
using ImageAspire.Core.Ports;
using Polly;
using Polly.CircuitBreaker;

namespace ImageAspire.Analysis;

/// <summary>
/// Asks a vision service over HTTP. What goes wrong is told apart: the service is not there (wait), it will not take this image (give
/// up), or it broke on this image (try again, counted). After several failures in a row it is left alone for a moment.
/// </summary>
internal sealed class VisionServiceClient : IAnalyzerProbe, IDisposable
{
    private const int MaxAnswerBytes = 4 * 1024 * 1024;
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LeftAlone = TimeSpan.FromSeconds(5);
    private readonly VisionServiceKind _kind;
    private readonly HttpClient _http;
    private readonly ResiliencePipeline _breaker;

    /// <summary>Asks nothing yet.</summary>
    /// <param name="kind">What its failures mean.</param>
    /// <param name="options">Where it is, its key, its time limit.</param>
    /// <param name="time">For the moments in which it is left alone.</param>
    /// <param name="signer">Signs requests where there is no key.</param>
    public VisionServiceClient(VisionServiceKind kind, VisionServiceOptions options, TimeProvider time, DelegatingHandler? signer = null)
    {
        _kind = kind;
        HttpMessageHandler transport = new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(2), AllowAutoRedirect = false };
        if (signer is not null)
            (signer.InnerHandler, transport) = (transport, signer);
        _http = new HttpClient(transport)
        {
            BaseAddress = new Uri(options.Endpoint.TrimEnd('/') + "/"), Timeout = options.TimeLimit, MaxResponseContentBufferSize = MaxAnswerBytes,
        };
        if (options.Key.Length > 0)
            _http.DefaultRequestHeaders.Add("Ocp-Apim-Subscription-Key", options.Key);
        // A service that hangs would keep every handler busy until its time limit. One that is not there answers at once, and does not count.
        _breaker = new ResiliencePipelineBuilder { TimeProvider = time }.AddCircuitBreaker(new CircuitBreakerStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<AnalyzerUnavailableException>(error => error.RetryAfter is null),
            FailureRatio = 0.5, MinimumThroughput = 2, SamplingDuration = options.TimeLimit * 1.5 + LeftAlone, BreakDuration = LeftAlone,
        }).Build();
    }

    /// <summary>Shows the service an image.</summary>
    /// <param name="question">The image, and what to tell about it.</param>
    /// <param name="cancellationToken">The stage's time limit.</param>
    /// <exception cref="AnalyzerUnavailableException">It is down, busy, hangs, or does not know the key.</exception>
    /// <exception cref="AnalyzerRefusedException">It does not take this image; the code is the service's.</exception>
    /// <exception cref="HttpRequestException">It broke while it looked at this image.</exception>
    public async Task<VisionAnswer> AnalyzeAsync(VisionQuestion question, CancellationToken cancellationToken)
    {
        try
        {
            return await _breaker.ExecuteAsync(async token => await AskAsync(question, token), cancellationToken);
        }
        catch (BrokenCircuitException error)
        {
            throw new AnalyzerUnavailableException($"{_kind.Name} did not answer several times; the image waits.", error.RetryAfter ?? LeftAlone, error);
        }
    }

    /// <summary>Asks for <c>/health</c>. A service that has no such page is there, too.</summary>
    public async Task ProbeAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri("health", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (answer.StatusCode >= HttpStatusCode.InternalServerError)
                throw new AnalyzerUnavailableException($"{_kind.Name} is not ready (HTTP {(int)answer.StatusCode}); images wait.", Soon);
        }
        catch (HttpRequestException error)
        {
            throw new AnalyzerUnavailableException($"{_kind.Name} is not there; images wait.", Soon, error);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<VisionAnswer> AskAsync(VisionQuestion question, CancellationToken cancellationToken)
    {
        await using var bytes = await question.Open(cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Post, question.Address) { Content = new StreamContent(bytes) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        if (question.Image is { } image)
            request.Headers.Add("baggage", $"{Spans.ImageId}={image:D}"); // W3C: goes with the trace context
        try
        {
            using var answer = await _http.SendAsync(request, cancellationToken);
            if (answer.IsSuccessStatusCode)
            {
                return await answer.Content.ReadFromJsonAsync(VisionJson.Default.VisionAnswer, cancellationToken)
                    ?? throw new JsonException("null");
            }

            var retryAfter = answer.Headers.TryGetValues("Retry-After", out var values) ? values.FirstOrDefault() : null;
            throw VisionFailure.Of((int)answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(cancellationToken), retryAfter).ToException(_kind);
        }
        catch (JsonException error)
        {
            throw new HttpRequestException($"{_kind.Name} answered something that is not its API: {error.Message}", error);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new AnalyzerUnavailableException($"{_kind.Name} did not answer within {_http.Timeout.TotalSeconds:0} s; the image waits.", null, error);
        }
        catch (HttpRequestException error) when (error.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError)
        {
            throw new AnalyzerUnavailableException($"{_kind.Name} is not there; the image waits.", Soon, error);
        }
        catch (HttpRequestException error) when (!_kind.BreaksOnImages)
        {
            throw new AnalyzerUnavailableException($"{_kind.Name} cannot be reached: {error.Message} The image waits.", null, error);
        }
    }
}
