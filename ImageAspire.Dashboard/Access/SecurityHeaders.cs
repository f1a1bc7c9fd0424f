using Microsoft.AspNetCore.Http;

namespace ImageAspire.Dashboard.Access;

/// <summary>
/// What every answer tells the browser, and the check of the host: a page of another name that resolves to this machine (DNS
/// rebinding) would else be of the same origin as ours.
/// </summary>
internal sealed class SecurityHeaders(RequestDelegate next)
{
    // Styles may be inline because charts and waterfalls place their parts with style attributes. Scripts may not.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        + "form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    public Task InvokeAsync(HttpContext context)
    {
        Set(context.Response.Headers);
        if (IsLoopback(context.Request.Host.Host))
            return next(context);
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        return context.Response.WriteAsync("This address is not one of the dashboard's. Use localhost, 127.0.0.1 or [::1].", context.RequestAborted);
    }

    /// <summary>Sets them; once more where an answer was begun anew.</summary>
    internal static void Set(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin"; // not no-referrer: browsers then send Origin: null with our own forms
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-store"; // assets say otherwise
    }

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host is "127.0.0.1" or "[::1]";
}
