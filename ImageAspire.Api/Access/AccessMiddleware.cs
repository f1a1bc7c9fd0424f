using System.Globalization;
using ImageAspire.Api.Http;
using Microsoft.Net.Http.Headers;

namespace ImageAspire.Api.Access;

/// <summary>The door: everything but sign-in and health needs a caller; everything under <c>/api</c> needs a scope and is limited in rate.</summary>
internal static class AccessMiddleware
{
    public const string Cookie = "imageaspire-session";

    public static void UseAccess(this WebApplication app)
    {
        var keys = app.Services.GetRequiredService<KeyRing>();
        app.Use(async (context, next) =>
        {
            var path = context.Request.Path;
            if (path.StartsWithSegments("/alive") || path.StartsWithSegments("/health") || path.StartsWithSegments("/signin")
                || path == "/favicon.svg" || path == "/gallery.css")
            {
                await next(context);
                return;
            }

            if (Refuse(context, keys) is { } refusal)
                await refusal.ExecuteAsync(context);
            else
                await next(context);
        });
    }

    private static IResult? Refuse(HttpContext context, KeyRing keys)
    {
        var key = KeyOf(context.Request);
        var session = key is null ? context.Request.Cookies[Cookie] : null;
        var caller = key is not null ? keys.OfKey(key) : session is not null ? keys.OfSession(session) : null;
        var isApi = context.Request.Path.StartsWithSegments("/api");
        if (caller is null)
            return !isApi && key is null ? SignInFirst(context) : Unknown(context, key is null);
        context.Features.Set(caller);
        if (session is not null && IsUnsafe(context.Request) && !IsSameOrigin(context.Request))
            return Problems.Of(403, ProblemCodes.CrossSite, "A page of another site may not use this session. Use an API key instead.");
        if (!isApi && !context.Request.Path.StartsWithSegments("/openapi"))
            return null;
        return Limit(context, caller) ?? MissingScope(context, caller);
    }

    private static string? KeyOf(HttpRequest request)
    {
        if (request.Headers.TryGetValue("X-API-Key", out var header))
            return header.ToString();
        var authorization = request.Headers.Authorization.ToString();
        return authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? authorization["Bearer ".Length..].Trim()
            : authorization.Length > 0 ? "" : null; // another scheme is a wrong key, not a missing one
    }

    // A person who opens the gallery is shown the way in; a program is told what is missing.
    private static IResult SignInFirst(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method) && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal)
            ? TypedResults.Redirect("/signin") : Unknown(context, missing: true);

    private static ProblemResult Unknown(HttpContext context, bool missing)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer realm=\"ImageAspire\"";
        return missing
            ? Problems.Of(401, ProblemCodes.MissingKey, "Send an API key, as 'Authorization: Bearer KEY' or 'X-API-Key: KEY'.")
            : Problems.Of(401, ProblemCodes.WrongKey, "This API key is not known here.");
    }

    private static ProblemResult? Limit(HttpContext context, Caller caller)
    {
        if (caller.Limiter is not { } limiter)
            return null;
        using var lease = limiter.AttemptAcquire();
        var left = limiter.GetStatistics()?.CurrentAvailablePermits ?? 0;
        var headers = context.Response.Headers;
        headers["RateLimit-Limit"] = caller.Rate.ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Remaining"] = left.ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Reset"] = "1";
        return lease.IsAcquired ? null : Problems.Of(429, ProblemCodes.RateLimited,
            $"This key may send {caller.Rate} requests a second. Wait a second and go on.", retryAfterSeconds: 1);
    }

    private static ProblemResult? MissingScope(HttpContext context, Caller caller)
    {
        if (context.GetEndpoint() is not { } endpoint)
            return null; // a 404 or 405 needs no scope
        var needed = endpoint.Metadata.GetMetadata<RequiredScope>()?.Scope;
        if (needed is null && endpoint is not RouteEndpoint)
            return null; // the framework's own endpoint for a method that is not allowed
        return needed is not null && caller.Scopes.Contains(needed) ? null : Problems.Of(403, ProblemCodes.MissingScope,
            $"The key '{caller.Name}' lacks the scope '{needed ?? "none"}' that this call needs.");
    }

    private static bool IsUnsafe(HttpRequest request) =>
        !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && !HttpMethods.IsOptions(request.Method);

    // Browsers send one of the two with every unsafe request; SameSite=Strict is the other half of this protection.
    private static bool IsSameOrigin(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site.Length > 0)
            return site == "same-origin";
        var origin = request.Headers.Origin.ToString();
        return Uri.TryCreate(origin, UriKind.Absolute, out var uri) && HostString.FromUriComponent(uri).Equals(request.Host)
            || origin.Length == 0 && request.Headers[HeaderNames.Referer].Count == 0;
    }
}
