using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace ImageAspire.Vision.Api;

/// <summary>An answer that is not 200, with the codes of Azure AI Vision 4.0. docs/vision.md lists them.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">The outer code.</param>
/// <param name="Message">For people.</param>
/// <param name="Inner">The precise code; null where the outer one says it all.</param>
/// <param name="RetryAfter">After how many seconds another attempt may succeed.</param>
internal sealed record ApiError(int Status, string Code, string Message, string? Inner = null, int? RetryAfter = null)
{
    public static ApiError Unauthorized { get; } = new(StatusCodes.Status401Unauthorized, "401", "Access denied due to invalid subscription key or wrong API endpoint.");

    public static ApiError NotFound { get; } = new(StatusCodes.Status404NotFound, "404", "Resource not found");

    public static ApiError Busy { get; } = new(StatusCodes.Status503ServiceUnavailable, "ServiceUnavailable", "The service is busy. Try again later.", RetryAfter: 1);

    public static ApiError Starting { get; } = new(StatusCodes.Status503ServiceUnavailable, "ServiceUnavailable", "The service is starting.", RetryAfter: 2);

    public static ApiError Failed { get; } = new(StatusCodes.Status500InternalServerError, "InternalServerError", "The analysis failed.", "FailedToProcess");

    public static ApiError SlowBody { get; } = new(StatusCodes.Status408RequestTimeout, "RequestTimeout", "The body did not arrive in time.");

    public static ApiError TooLarge { get; } = ImageSize(string.Create(CultureInfo.InvariantCulture, $"The image must have less than {ImageBodies.MaxBytes} bytes."));

    public static ApiError TooMuchJson { get; } = BadArgument(string.Create(CultureInfo.InvariantCulture, $"The body must have less than {ImageBodies.MaxJsonBytes} bytes."));

    public static ApiError BadArgument(string message) => Request("BadArgument", message);

    public static ApiError Feature(string name) => Request("NotSupportedVisualFeature", $"The feature '{name}' is not supported.");

    public static ApiError Language(string name) => Request("NotSupportedLanguage", $"The language '{name}' is not supported; this service speaks English (en).");

    public static ApiError ImageUrl(string message) => Request("InvalidImageUrl", message);

    public static ApiError ImageSize(string message) => Request("InvalidImageSize", message);

    public static ApiError ImageFormat(string message) => Request("InvalidImageFormat", message);

    public static ApiError ApiVersion(string version, IEnumerable<string> known) =>
        new(StatusCodes.Status400BadRequest, "UnsupportedApiVersion", $"The api-version '{version}' is not supported; this service has {string.Join(" and ", known)}.");

    public static ApiError MediaType(string type) => new(StatusCodes.Status415UnsupportedMediaType, "UnsupportedMediaType",
        $"The content type '{type}' is not application/octet-stream or application/json.");

    public static ApiError Timeout(TimeSpan limit) => new(StatusCodes.Status500InternalServerError, "InternalServerError",
        string.Create(CultureInfo.InvariantCulture, $"The analysis took longer than {limit.TotalSeconds:0.#} s."), "Timeout");

    /// <summary>The body of the answer.</summary>
    public ErrorAnswer ToAnswer() => new(new ErrorDetail(Code, Message, Inner is null ? null : new ErrorDetail(Inner, Message)));

    private static ApiError Request(string inner, string message) => new(StatusCodes.Status400BadRequest, "InvalidRequest", message, inner);
}

/// <summary>Ends a request with an error.</summary>
internal sealed class ApiException(ApiError error, Exception? inner = null) : Exception(error.Message, inner)
{
    public ApiError Error => error;
}
