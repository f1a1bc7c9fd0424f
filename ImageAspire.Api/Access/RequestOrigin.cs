using Microsoft.Net.Http.Headers;

namespace ImageAspire.Api.Access;

/// <summary>Whether a page of this site sent a request, or a page of another one.</summary>
internal static class RequestOrigin
{
    /// <summary>Whether another site sent an unsafe request with the session of a browser (cross-site request forgery).</summary>
    public static bool IsForgedWithSession(HttpContext context) =>
        context.Features.Get<Session>() is not null && IsUnsafe(context.Request) && !IsSame(context.Request);

    /// <summary>
    /// False when a browser declares that another site sent it. Browsers send one of the two headers with every unsafe request; SameSite=Strict
    /// is the other half of this protection. Programs send neither.
    /// </summary>
    public static bool IsSame(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site.Length > 0)
            return site == "same-origin";
        var origin = request.Headers.Origin.ToString();
        // Of the scheme that the proxy names, where it is believed (ASPNETCORE_FORWARDEDHEADERS_ENABLED).
        return Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Scheme == request.Scheme && HostString.FromUriComponent(uri).Equals(request.Host)
            || origin.Length == 0 && request.Headers[HeaderNames.Referer].Count == 0;
    }

    private static bool IsUnsafe(HttpRequest request) =>
        !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && !HttpMethods.IsOptions(request.Method);
}
