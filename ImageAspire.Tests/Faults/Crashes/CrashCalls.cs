using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace ImageAspire.Tests.Faults.Crashes;

/// <summary>An answer of the Api.</summary>
internal sealed record CrashAnswer(HttpStatusCode Status, string Body, HttpResponseHeaders Headers)
{
    /// <summary>A header with a single value; null when it is missing.</summary>
    public string? Header(string name) => Headers.TryGetValues(name, out var values) ? values.Single() : null;
}

/// <summary>Calls of an Api that may die at any moment. An internal error of it is a violation.</summary>
internal sealed class CrashCalls(HttpClient http, TestOracle oracle)
{
    /// <summary>Sends a request; null when no answer came.</summary>
    /// <param name="request">The request.</param>
    /// <param name="image">What it is about.</param>
    public async Task<CrashAnswer?> SendAsync(HttpRequestMessage request, TrackedImage? image = null)
    {
        try
        {
            using var answer = await http.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            if (answer.StatusCode == HttpStatusCode.InternalServerError)
                oracle.Violations.Enqueue($"{request.Method} {request.RequestUri}: 500 {text}");
            oracle.Count("calls answered");
            return new CrashAnswer(answer.StatusCode, text, answer.Headers);
        }
        catch (Exception error) when (error is HttpRequestException or IOException or JsonException)
        {
            oracle.Count("calls broken off");
        }
        catch (OperationCanceledException)
        {
            oracle.Count("calls without an answer in time");
            image?.TimedOut();
        }

        return null;
    }

    /// <summary>The same with a method, a path and a body.</summary>
    public async Task<CrashAnswer?> SendAsync(HttpMethod method, string path, HttpContent? body = null, TrackedImage? image = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        return await SendAsync(request, image);
    }
}
