using System.Globalization;
using System.Text.Json;
using ImageAspire.Core.Ports;

namespace ImageAspire.Analysis;

/// <summary>An answer that is an error.</summary>
/// <param name="Status">Its HTTP status.</param>
/// <param name="Code">The service's innermost code; <c>http-STATUS</c> when it told none.</param>
/// <param name="Message">The service's innermost sentence; the code when it told none.</param>
/// <param name="RetryAfter">How long it asks to be left alone; at most an hour.</param>
internal sealed record VisionFailure(int Status, string Code, string Message, TimeSpan? RetryAfter)
{
    private static readonly TimeSpan Misconfigured = TimeSpan.FromMinutes(1);

    /// <summary>Reads an answer.</summary>
    /// <param name="status">Its HTTP status.</param>
    /// <param name="body">Its body.</param>
    /// <param name="retryAfter">Its header <c>Retry-After</c>.</param>
    public static VisionFailure Of(int status, ReadOnlySpan<byte> body, string? retryAfter)
    {
        var (error, fallback) = (ErrorOf(body), $"http-{status}");
        return new VisionFailure(
            status, error?.Innererror?.Code ?? error?.Code ?? fallback, error?.Innererror?.Message ?? error?.Message ?? fallback,
            int.TryParse(retryAfter, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(Math.Min(seconds, 3600)) : null);
    }

    /// <summary>What the failure means to the image: wait, try again (counted), or give up. The table is in docs/errors.md.</summary>
    public Exception ToException(VisionServiceKind service, Exception? inner = null) => Status switch
    {
        429 or 503 => new AnalyzerUnavailableException($"{service.Name} is busy; the image waits.", RetryAfter ?? service.BusyFor, inner),
        401 or 403 => new AnalyzerUnavailableException($"{service.Name} refuses access (HTTP {Status}). {service.KeyAdvice} The image waits.", Misconfigured, inner),
        404 or (>= 300 and < 400) => new AnalyzerUnavailableException($"{service.Name} is not at its address (HTTP {Status}). {service.AddressAdvice} The image waits.", Misconfigured, inner),
        408 => new AnalyzerUnavailableException($"{service.Name} did not get the whole image in time; the image waits.", RetryAfter, inner),
        >= 500 when service.BreaksOnImages => new HttpRequestException($"{service.Name} failed (HTTP {Status}, {Code}): {Message}", inner, (System.Net.HttpStatusCode)Status),
        >= 500 => new AnalyzerUnavailableException($"{service.Name} failed (HTTP {Status}, {Code}); the image waits.", RetryAfter, inner),
        _ => new AnalyzerRefusedException(Code, $"{service.Name} does not take this image: {Message}"),
    };

    private static VisionErrorDetail? ErrorOf(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, VisionJson.Default.VisionError)?.Error;
        }
        catch (JsonException)
        {
            return null; // a proxy's page, perhaps; the status has to do
        }
    }
}
