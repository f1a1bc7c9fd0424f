using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using ImageAspire.Core.Diagnostics;
using ImageAspire.Core.Errors;
using ImageAspire.Core.Ports;
using Polly;
using Polly.CircuitBreaker;

namespace ImageAspire.Analysis;

/// <summary>
/// The client of the Image Analysis 4.0 REST API, for a service of one's own and for Azure AI Vision. Its exceptions separate three cases:
/// the service is unavailable (wait), it refuses the image (fail), or it broke on the image (retry, counted). After repeated failures a
/// circuit breaker pauses requests.
/// </summary>
internal sealed class VisionClient : IVisionClient, IAnalyzerProbe, IDisposable
{
    private const int MaxResponseBytes = 4 * 1024 * 1024;
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BreakDuration = TimeSpan.FromSeconds(5);
    private readonly VisionServiceProfile _profile;
    private readonly HttpClient _http;
    private readonly ResiliencePipeline _breaker;

    /// <param name="profile">What the service's failures mean.</param>
    /// <param name="options">Endpoint, key and time limit.</param>
    /// <param name="time">For the circuit breaker.</param>
    /// <param name="authentication">Authenticates requests where there is no key.</param>
    public VisionClient(VisionServiceProfile profile, VisionServiceOptions options, TimeProvider time, DelegatingHandler? authentication = null)
    {
        _profile = profile;
        _http = VisionHttp.Create(options, MaxResponseBytes, authentication);
        // A service that hangs would block every handler until its time limit. One that is not there fails at once, and does not count.
        _breaker = new ResiliencePipelineBuilder { TimeProvider = time }.AddCircuitBreaker(new CircuitBreakerStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<AnalyzerUnavailableException>(error => error.RetryAfter is null),
            FailureRatio = 0.5, MinimumThroughput = 2, SamplingDuration = options.TimeLimit * 1.5 + BreakDuration, BreakDuration = BreakDuration,
        }).Build();
    }

    /// <inheritdoc />
    public async Task<VisionResult> AnalyzeAsync(VisionRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await _breaker.ExecuteAsync(async token => await SendAsync(request, token), cancellationToken);
        }
        catch (BrokenCircuitException error)
        {
            throw new AnalyzerUnavailableException($"{_profile.Name} did not answer several times; the image waits.", error.RetryAfter ?? BreakDuration, error) { Cause = FaultCauses.DependencySlow };
        }
    }

    /// <summary>Requests <c>/health</c>. A service without that page counts as available.</summary>
    public async Task ProbeAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _http.GetAsync(new Uri("health", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (response.StatusCode >= HttpStatusCode.InternalServerError)
                throw new AnalyzerUnavailableException($"{_profile.Name} is not ready (HTTP {(int)response.StatusCode}); images wait.", Soon) { Cause = FaultCauses.DependencyFailed };
        }
        catch (HttpRequestException error)
        {
            throw new AnalyzerUnavailableException($"{_profile.Name} is not there; images wait.", Soon, error);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<VisionResult> SendAsync(VisionRequest request, CancellationToken cancellationToken)
    {
        await using var bytes = await request.Open(cancellationToken);
        using var message = new HttpRequestMessage(HttpMethod.Post, request.Address) { Content = new StreamContent(bytes) };
        message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        if (request.ImageId is { } image)
            message.Headers.Add("baggage", $"{Spans.ImageId}={image:D}"); // W3C: propagates with the trace context
        try
        {
            using var response = await _http.SendAsync(message, cancellationToken);
            return await ReadAsync(response, cancellationToken);
        }
        catch (JsonException error)
        {
            throw new AnalyzerFailedException($"{_profile.Name} answered something that is not its API: {error.Message}", error);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new AnalyzerUnavailableException($"{_profile.Name} did not answer within {_http.Timeout.TotalSeconds:0} s; the image waits.", null, error) { Cause = FaultCauses.DependencySlow };
        }
        catch (HttpRequestException error) when (error.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError)
        {
            throw new AnalyzerUnavailableException($"{_profile.Name} is not there; the image waits.", Soon, error);
        }
        catch (HttpRequestException error) when (!_profile.BreaksOnImages)
        {
            throw new AnalyzerUnavailableException($"{_profile.Name} cannot be reached: {error.Message} The image waits.", null, error);
        }
        catch (HttpRequestException error)
        {
            throw new AnalyzerFailedException($"{_profile.Name} ended the connection on this image: {error.Message}", error);
        }
    }

    private async Task<VisionResult> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
            return await response.Content.ReadFromJsonAsync(VisionJson.Default.VisionResult, cancellationToken) ?? throw new JsonException("null");
        var retryAfter = response.Headers.TryGetValues("Retry-After", out var values) ? values.FirstOrDefault() : null;
        throw VisionFailure.Of((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancellationToken), retryAfter).ToException(_profile);
    }
}
