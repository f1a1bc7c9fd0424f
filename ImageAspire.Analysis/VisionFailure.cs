using System.Globalization;
using System.Text.Json;
using ImageAspire.Core.Errors;
using ImageAspire.Core.Ports;

namespace ImageAspire.Analysis;

/// <summary>An error response of a vision service.</summary>
/// <param name="Status">Its HTTP status.</param>
/// <param name="Code">The service's innermost code; <c>http-STATUS</c> without one.</param>
/// <param name="Message">The service's innermost message; the code without one.</param>
/// <param name="RetryAfter">The wait that the service requests; at most an hour.</param>
internal sealed record VisionFailure(int Status, string Code, string Message, TimeSpan? RetryAfter)
{
    private static readonly TimeSpan ConfigurationErrorDelay = TimeSpan.FromMinutes(1);

    /// <summary>Reads an error response; <paramref name="retryAfter"/> is its header <c>Retry-After</c>.</summary>
    public static VisionFailure Of(int status, ReadOnlySpan<byte> body, string? retryAfter)
    {
        var (error, fallback) = (ErrorOf(body), $"http-{status}");
        return new VisionFailure(
            status, error?.Innererror?.Code ?? error?.Code ?? fallback, error?.Innererror?.Message ?? error?.Message ?? fallback,
            int.TryParse(retryAfter, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(Math.Min(seconds, 3600)) : null);
    }

    /// <summary>The consequence for the image: wait, retry (counted), or fail. The table is in docs/errors.md.</summary>
    public Exception ToException(VisionServiceProfile service, Exception? inner = null) => Status switch
    {
        429 or 503 => new AnalyzerUnavailableException($"{service.Name} is busy; the image waits.", RetryAfter ?? service.BusyFor, inner) { Cause = Fault.CauseOfStatus(Status) },
        401 or 403 => new AnalyzerUnavailableException($"{service.Name} refuses access (HTTP {Status}). {service.KeyAdvice} The image waits.", ConfigurationErrorDelay, inner) { Cause = Fault.CauseOfStatus(Status) },
        404 or (>= 300 and < 400) => new AnalyzerUnavailableException($"{service.Name} is not at its address (HTTP {Status}). {service.AddressAdvice} The image waits.", ConfigurationErrorDelay, inner) { Cause = Fault.CauseOfStatus(Status) },
        408 => new AnalyzerUnavailableException($"{service.Name} did not get the whole image in time; the image waits.", RetryAfter, inner) { Cause = Fault.CauseOfStatus(Status) },
        >= 500 when service.BreaksOnImages => new AnalyzerFailedException($"{service.Name} failed on this image (HTTP {Status}, {Code}): {Message}", inner),
        >= 500 => new AnalyzerUnavailableException($"{service.Name} failed (HTTP {Status}, {Code}); the image waits.", RetryAfter, inner) { Cause = Fault.CauseOfStatus(Status) },
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
            return null; // not JSON, as of a proxy; then the status must be enough
        }
    }
}
