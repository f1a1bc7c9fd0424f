using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using ImageAspire.Benchmarks.Data;

namespace ImageAspire.Benchmarks.Harness;

/// <summary>Clients of one key that take every answer as it comes, and remember it.</summary>
/// <param name="api">The Api.</param>
/// <param name="key">Their key.</param>
internal sealed class Crowd(Uri api, ServerKey key) : IDisposable
{
    private static readonly Uri Images = new("/api/images", UriKind.Relative);
    private static readonly Uri List = new("/api/images?limit=50", UriKind.Relative);
    private readonly HttpClient _client = HttpLoad.Client(api, key.Secret);
    private readonly ConcurrentDictionary<string, int> _answers = [];
    private readonly ConcurrentQueue<(long At, double Milliseconds)> _times = [];
    private int _withoutRetryAfter;

    public string Name => key.Name;

    /// <summary>Images that were acknowledged as new or as there already.</summary>
    public ConcurrentBag<Guid> Acknowledged { get; } = [];

    /// <summary>How often each status was answered; also "no answer".</summary>
    public IReadOnlyDictionary<string, int> Answers => _answers;

    /// <summary>Answers 429 and 503 that did not say when to come back.</summary>
    public int WithoutRetryAfter => _withoutRetryAfter;

    /// <summary>Times of the requests that were served, from one moment on.</summary>
    public Samples Since(long timestamp, long until = long.MaxValue) =>
        new(_times.Where(one => one.At >= timestamp && one.At < until).Select(one => one.Milliseconds));

    public Task UploadAsync(JpegBodies bodies, CancellationToken cancellationToken, int pieces = 1) => SendAsync(async token =>
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Images) { Content = UploadBenchmark.Raw(bodies.Next(pieces)) };
        // HttpClient does not look at an answer that comes while it sends; asked first, a slow upload that has no place is not begun.
        request.Headers.ExpectContinue = pieces > 1;
        var response = await _client.SendAsync(request, token);
        if (response.IsSuccessStatusCode)
        {
            using var record = JsonDocument.Parse(await response.Content.ReadAsStringAsync(token));
            Acknowledged.Add(record.RootElement.GetProperty("id").GetGuid());
        }

        return response;
    }, cancellationToken);

    public Task ListAsync(CancellationToken cancellationToken) => SendAsync(token => _client.GetAsync(List, token), cancellationToken);

    public void Dispose() => _client.Dispose();

    private async Task SendAsync(Func<CancellationToken, Task<HttpResponseMessage>> send, CancellationToken cancellationToken)
    {
        var clock = TimeProvider.System;
        var begin = clock.GetTimestamp();
        TimeSpan? wait = null;
        try
        {
            using var response = await send(cancellationToken);
            Count(((int)response.StatusCode).ToString(CultureInfo.InvariantCulture));
            if (response.IsSuccessStatusCode)
                _times.Enqueue((begin, clock.GetElapsedTime(begin).TotalMilliseconds));
            else if (response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable)
                wait = ComeBack(response.Headers.RetryAfter);
        }
        catch (Exception error) when (error is HttpRequestException or IOException or TaskCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Count("no answer: " + (error is TaskCanceledException ? "timeout" : error.InnerException?.GetType().Name ?? error.GetType().Name));
        }

        if (wait is { } pause)
            await Task.Delay(pause, cancellationToken);
    }

    private TimeSpan? ComeBack(RetryConditionHeaderValue? retryAfter)
    {
        if (retryAfter?.Delta is { } delta)
            return delta;
        Interlocked.Increment(ref _withoutRetryAfter);
        return null;
    }

    private void Count(string answer) => _answers.AddOrUpdate(answer, 1, (_, count) => count + 1);
}
