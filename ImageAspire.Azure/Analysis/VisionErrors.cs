using System.Globalization;
using Azure;
using Azure.Identity;
using ImageAspire.Core.Ports;

namespace ImageAspire.Azure.Analysis;

/// <summary>What the service's errors mean to an image: wait, or give up. The table is in docs/decisions.md.</summary>
internal static class VisionErrors
{
    private static readonly TimeSpan ThrottledFor = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MisconfiguredFor = TimeSpan.FromMinutes(1);

    /// <summary>A feature that was asked for does not exist in this region or language.</summary>
    public static bool IsUnsupportedFeature(RequestFailedException error) =>
        error.Status == 400 && (error.ErrorCode is "NotSupportedVisualFeature" || error.Message.Contains("not supported in this region", StringComparison.OrdinalIgnoreCase));

    /// <summary>The exception that the port promises.</summary>
    public static Exception Translate(RequestFailedException error) => error.Status switch
    {
        429 => new AnalyzerUnavailableException("Azure AI Vision is throttling; the image waits.", RetryAfter(error) ?? ThrottledFor, error),
        401 or 403 => new AnalyzerUnavailableException(
            $"Azure AI Vision refuses this service (HTTP {error.Status}). Give its identity the role 'Cognitive Services User', or correct the key; the image waits.",
            MisconfiguredFor, error),
        404 => new AnalyzerUnavailableException("Nothing answers at the address of Azure AI Vision. Correct the connection string 'vision'; the image waits.", MisconfiguredFor, error),
        408 or >= 500 or 0 => new AnalyzerUnavailableException(
            $"Azure AI Vision does not answer as it should (HTTP {error.Status}); the image waits.", RetryAfter(error), error),
        _ => new AnalyzerRefusedException(error.ErrorCode ?? $"http-{error.Status}", $"Azure AI Vision does not take this image: {FirstLine(error.Message)}"),
    };

    /// <summary>The network, a name, a token: whatever is not an answer of the service. A time limit of ours is not among them.</summary>
    public static bool IsUnreachable(Exception error, CancellationToken ours) =>
        error is HttpRequestException or IOException or AuthenticationFailedException or AggregateException { InnerException: RequestFailedException }
        || error is OperationCanceledException && !ours.IsCancellationRequested;

    private static TimeSpan? RetryAfter(RequestFailedException error) =>
        error.GetRawResponse()?.Headers.TryGetValue("Retry-After", out var value) == true
        && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(Math.Min(seconds, 3600)) : null;

    // The SDK appends the whole response; the first line is the service's sentence.
    private static string FirstLine(string message) => message.Split('\n', 2)[0].Trim();
}
