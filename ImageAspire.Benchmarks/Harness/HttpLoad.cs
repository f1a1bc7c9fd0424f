using System.Buffers;
using System.Net;

namespace ImageAspire.Benchmarks.Harness;

/// <summary>Clients on keep-alive connections that send one request after another.</summary>
/// <param name="PerSecond">Requests per second.</param>
/// <param name="Milliseconds">Time of each request.</param>
internal sealed record HttpLoad(double PerSecond, Samples Milliseconds)
{
    /// <summary>Processor time of the server for each request, in milliseconds; NaN when it was not requested.</summary>
    public double ServerMilliseconds { get; private init; } = double.NaN;

    /// <summary>The same, with what it cost the server.</summary>
    public static async Task<HttpLoad> RunAsync(
        ChildProcess server, int clients, TimeSpan duration, int atMost, Func<CancellationToken, Task> send, CancellationToken cancellationToken)
    {
        var before = server.ProcessorTime;
        var load = await RunAsync(clients, duration, atMost, send, cancellationToken);
        return load with { ServerMilliseconds = (server.ProcessorTime - before).TotalMilliseconds / load.Milliseconds.Count };
    }

    /// <summary>Sends until the time is over, or until so many requests have been sent.</summary>
    public static async Task<HttpLoad> RunAsync(
        int clients, TimeSpan duration, int atMost, Func<CancellationToken, Task> send, CancellationToken cancellationToken)
    {
        var clock = TimeProvider.System;
        var start = clock.GetTimestamp();
        var sent = 0;
        var times = await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
        {
            var mine = new List<double>();
            while (clock.GetElapsedTime(start) < duration && Interlocked.Increment(ref sent) <= atMost)
            {
                var begin = clock.GetTimestamp();
                await send(cancellationToken);
                mine.Add(clock.GetElapsedTime(begin).TotalMilliseconds);
            }

            return mine;
        }, cancellationToken)));
        var seconds = clock.GetElapsedTime(start).TotalSeconds;
        var samples = new Samples(times.SelectMany(mine => mine));
        return new HttpLoad(samples.Count / seconds, samples);
    }

    /// <summary>A client for loopback: no proxy, no cookies, no redirects, connections kept.</summary>
    public static HttpClient Client(Uri? address = null, string? key = null)
    {
        var client = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false, UseCookies = false, AllowAutoRedirect = false, ActivityHeadersPropagator = null,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5),
        }) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };
        if (key is not null)
            client.DefaultRequestHeaders.Add("X-API-Key", key);
        return client;
    }

    /// <summary>GET, reading the body to its end without keeping it; the number of bytes.</summary>
    public static async Task<long> GetAsync(HttpClient client, string path, CancellationToken cancellationToken)
    {
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        await ExpectAsync(response, HttpStatusCode.OK, cancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            long total = 0;
            while (await body.ReadAsync(buffer, cancellationToken) is var read and > 0)
                total += read;
            return total;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>An unexpected response ends the benchmark: a fast error is not speed.</summary>
    public static async Task ExpectAsync(HttpResponseMessage response, HttpStatusCode expected, CancellationToken cancellationToken)
    {
        if (response.StatusCode == expected)
            return;
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        throw new InvalidOperationException(
            $"{response.RequestMessage?.Method} {response.RequestMessage?.RequestUri} answered {(int)response.StatusCode} instead of {(int)expected}: {text[..Math.Min(text.Length, 500)]}");
    }

    /// <summary>Repeats a request until the response is 200; the time since a moment in the past, in milliseconds.</summary>
    public static async Task<double> FirstOkAsync(HttpClient client, string path, ChildProcess server, long since, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(TimeSpan.FromSeconds(60));
        while (true)
        {
            try
            {
                using var response = await client.GetAsync(new Uri(path, UriKind.Relative), timeout.Token);
                if (response.StatusCode == HttpStatusCode.OK)
                    return TimeProvider.System.GetElapsedTime(since).TotalMilliseconds;
            }
            catch (HttpRequestException) when (!server.HasExited)
            {
                // Not listening yet.
            }
            catch (Exception error) when (error is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                throw new InvalidOperationException($"{client.BaseAddress}{path} never answered 200. The process said:{Environment.NewLine}{server.LastLines}", error);
            }

            await Task.Delay(1, timeout.Token);
        }
    }
}
