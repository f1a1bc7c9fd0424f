using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using ImageAspire.Core;
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
    private const string Path = "computervision/imageanalysis:analyze?api-version=2023-10-01&features=tags,objects,people,caption,read&language=en&gender-neutral-caption=true";
    private const int MaxAnswerBytes = 4 * 1024 * 1024;
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Misconfigured = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LeftAlone = TimeSpan.FromSeconds(5);
    private readonly HttpClient _http;
    private readonly ResiliencePipeline _breaker;

    public VisionServiceClient(VisionServiceOptions options, TimeProvider time)
    {
        _http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(2), AllowAutoRedirect = false })
        {
            BaseAddress = new Uri(options.Endpoint.TrimEnd('/') + "/"), Timeout = options.TimeLimit, MaxResponseContentBufferSize = MaxAnswerBytes,
        };
        _http.DefaultRequestHeaders.Add("Ocp-Apim-Subscription-Key", options.Key);
        // A service that hangs would keep every handler busy until its time limit. One that is not there answers at once, and does not count.
        _breaker = new ResiliencePipelineBuilder { TimeProvider = time }.AddCircuitBreaker(new CircuitBreakerStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<AnalyzerUnavailableException>(error => error.RetryAfter is null),
            FailureRatio = 0.5, MinimumThroughput = 2, SamplingDuration = options.TimeLimit * 1.5 + LeftAlone, BreakDuration = LeftAlone,
        }).Build();
    }

    /// <summary>Shows the service a picture.</summary>
    /// <param name="image">Id of the image, for the service's own spans.</param>
    /// <param name="open">Opens the picture.</param>
    /// <param name="cancellationToken">The stage's time limit.</param>
    /// <exception cref="AnalyzerUnavailableException">It is down, busy, hangs, or does not know the key.</exception>
    /// <exception cref="AnalyzerRefusedException">It does not take this picture; the code is the service's.</exception>
    /// <exception cref="HttpRequestException">It broke while it looked at this picture.</exception>
    public async Task<VisionAnswer> AnalyzeAsync(Guid image, Func<CancellationToken, Task<Stream>> open, CancellationToken cancellationToken)
    {
        try
        {
            return await _breaker.ExecuteAsync(async token => await AskAsync(image, open, token), cancellationToken);
        }
        catch (BrokenCircuitException error)
        {
            throw new AnalyzerUnavailableException("The vision service did not answer several times; the image waits.", error.RetryAfter ?? LeftAlone, error);
        }
    }

    /// <summary>Asks for <c>/health</c>. A service that has no such page is there, too.</summary>
    public async Task ProbeAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri("health", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (answer.StatusCode >= HttpStatusCode.InternalServerError)
                throw new AnalyzerUnavailableException($"The vision service is not ready (HTTP {(int)answer.StatusCode}); images wait.", Soon);
        }
        catch (HttpRequestException error)
        {
            throw new AnalyzerUnavailableException("The vision service is not there; images wait.", Soon, error);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<VisionAnswer> AskAsync(Guid image, Func<CancellationToken, Task<Stream>> open, CancellationToken cancellationToken)
    {
        await using var picture = await open(cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Path, UriKind.Relative)) { Content = new StreamContent(picture) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        request.Headers.Add("baggage", $"{Spans.ImageId}={image:D}"); // W3C: goes with the trace context
        try
        {
            using var answer = await _http.SendAsync(request, cancellationToken);
            if (answer.IsSuccessStatusCode)
            {
                return await answer.Content.ReadFromJsonAsync(VisionJson.Default.VisionAnswer, cancellationToken)
                    ?? throw new HttpRequestException("The vision service answered null.");
            }

            throw await TranslateAsync(answer, cancellationToken);
        }
        catch (JsonException error)
        {
            throw new HttpRequestException($"The vision service answered something that is not its API: {error.Message}", error);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new AnalyzerUnavailableException($"The vision service did not answer within {_http.Timeout.TotalSeconds:0} s; the image waits.", null, error);
        }
        catch (HttpRequestException error) when (error.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError)
        {
            throw new AnalyzerUnavailableException("The vision service is not there; the image waits.", Soon, error);
        }
    }

    private static async Task<Exception> TranslateAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var (code, message) = await ErrorOfAsync(answer, cancellationToken);
        var status = (int)answer.StatusCode;
        return answer.StatusCode switch
        {
            HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable =>
                new AnalyzerUnavailableException("The vision service is busy; the image waits.", RetryAfter(answer) ?? Soon),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
                new AnalyzerUnavailableException($"The vision service does not accept the key (HTTP {status}). Correct Vision:Key; the image waits.", Misconfigured),
            HttpStatusCode.NotFound =>
                new AnalyzerUnavailableException("There is no vision service at Vision:Endpoint. Correct the address; the image waits.", Misconfigured),
            >= HttpStatusCode.InternalServerError => new HttpRequestException($"The vision service failed (HTTP {status}, {code}): {message}", null, answer.StatusCode),
            _ => new AnalyzerRefusedException(code, $"The vision service does not take this image: {message}"),
        };
    }

    private static async Task<(string Code, string Message)> ErrorOfAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var status = $"http-{(int)answer.StatusCode}";
        try
        {
            var error = (await answer.Content.ReadFromJsonAsync(VisionJson.Default.VisionError, cancellationToken))?.Error;
            return (error?.Innererror?.Code ?? error?.Code ?? status, error?.Innererror?.Message ?? error?.Message ?? status);
        }
        catch (JsonException)
        {
            return (status, status); // a proxy's page, perhaps; the status has to do
        }
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage answer) => answer.Headers.RetryAfter?.Delta is { } delta && delta <= TimeSpan.FromHours(1) ? delta : null;
}
