using System.Globalization;
using System.Net;
using ImageAspire.Api.Http;
using ImageAspire.Core.Access;

namespace ImageAspire.Api.Access;

/// <summary>Decides who comes in: a caller for each call, and a scope and a rate for those to the API.</summary>
internal sealed class AccessControl(ApiKeyCache keys, SessionCookies sessions, AnonymousCallLimiter anonymousCalls, DeniedCallAudit denied, TimeProvider time)
{
    /// <summary>Name of the session's cookie.</summary>
    public const string Cookie = "imageaspire-session";

    // Longer than the usual time between two looks at the store of the keys, and as long as a stranger may keep a call waiting.
    private static readonly TimeSpan RefreshWait = TimeSpan.FromSeconds(1);

    /// <summary>The answer to a call that may not come in; null for one that may, which then has a <see cref="Caller"/>.</summary>
    public async ValueTask<IResult?> RefuseAsync(HttpContext context)
    {
        var address = ClientAddress.Of(context);
        var key = KeyOf(context.Request);
        var session = key is null ? context.Request.Cookies[Cookie] : null;
        var (known, refusal) = key is not null ? await OfKeyAsync(key, address, context.RequestAborted) : (null, null);
        var opened = session is null ? null : sessions.Validate(session);
        if ((refusal is null ? known ?? opened?.Caller : null) is not { } caller)
            return Unknown(context, address, known, key is null, refusal);
        if (opened is not null)
            context.Features.Set(opened);
        caller.Use.Record(address, time.GetUtcNow());
        context.Features.Set(caller);
        if (session is not null && IsUnsafe(context.Request) && !RequestOrigin.IsSame(context.Request))
            return Deny(context, caller, 403, ProblemCodes.CrossSite, "A page of another site may not use this session. Use an API key instead.");
        if (!context.Request.Path.StartsWithSegments("/api") && !context.Request.Path.StartsWithSegments("/openapi"))
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

    // Whose key it is, also when it is refused, and the refusal.
    private async ValueTask<(Caller? Known, ProblemResult? Refusal)> OfKeyAsync(string key, IPAddress address, CancellationToken cancellationToken)
    {
        var (caller, refusal) = keys.Lookup(key);
        if (refusal != ApiKeyStatus.Valid && anonymousCalls.IsLockedOut(address, out var locked))
            return (null, LockedOut(locked)); // at once: nobody makes us keep more calls waiting
        if (refusal == ApiKeyStatus.NotLoaded || refusal == ApiKeyStatus.Unknown && key.StartsWith(ApiKeySecret.Prefix, StringComparison.Ordinal))
        {
            // It may have been made on another instance a moment ago, or this process has just begun. Nobody asks the store for it: it
            // waits for the next look at it, and so a stranger cannot make us ask.
            await Task.WhenAny(keys.NextRefresh, Task.Delay(RefreshWait, cancellationToken));
            (caller, refusal) = keys.Lookup(key);
        }

        if (anonymousCalls.IsLockedOut(address, out var seconds) && (refusal != ApiKeyStatus.Valid || caller?.Use.IsKnownFrom(address) != true))
            return (null, LockedOut(seconds)); // a right key gets the same answer as a wrong one, or guessing would go on
        if (refusal == ApiKeyStatus.Unknown)
            anonymousCalls.RecordWrongKey(address);
        return (caller, refusal switch
        {
            ApiKeyStatus.Valid => null,
            ApiKeyStatus.Revoked => Problems.Of(401, ProblemCodes.RevokedKey, "This API key was revoked. Ask for another one."),
            ApiKeyStatus.Expired => Problems.Of(401, ProblemCodes.ExpiredKey, "The time of this API key is over. Ask for another one, or for its new secret."),
            ApiKeyStatus.NotLoaded => Problems.Of(503, ProblemCodes.StorageUnavailable, "API keys cannot be looked up right now. Try again.", retryAfterSeconds: 2),
            _ => Problems.Of(401, ProblemCodes.WrongKey, "This API key is not known here."),
        });
    }

    /// <summary>The answer to an address that is locked out.</summary>
    internal static ProblemResult LockedOut(int seconds) => Problems.Of(429, ProblemCodes.LockedOut,
        $"Too many wrong keys came from this address. Wait {seconds} seconds.", seconds);

    private IResult Unknown(HttpContext context, IPAddress address, Caller? known, bool missing, ProblemResult? refusal)
    {
        if (!anonymousCalls.TryAcquire(address, out var seconds))
            return Problems.Of(429, ProblemCodes.RateLimited, "Too many calls without a good API key came from this address. Wait, and send one.", seconds);
        if (missing && IsForAPerson(context.Request))
            return TypedResults.Redirect(SignInPages.AddressOf(context.Request)); // a program is told what is missing instead
        refusal ??= Problems.Of(401, ProblemCodes.MissingKey, "Send an API key, as 'Authorization: Bearer KEY' or 'X-API-Key: KEY'.");
        if (refusal.Problem.Status == 401)
            context.Response.Headers.WWWAuthenticate = "Bearer realm=\"ImageAspire\"";
        if (refusal.Problem.Status != 503)
            denied.Record(context, known, refusal.Problem.Status, refusal.Problem.Code);
        return refusal;
    }

    private static bool IsForAPerson(HttpRequest request) => !request.Path.StartsWithSegments("/api")
        && HttpMethods.IsGet(request.Method) && request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal);

    private ProblemResult Deny(HttpContext context, Caller caller, int status, string code, string detail)
    {
        denied.Record(context, caller, status, code);
        return Problems.Of(status, code, detail);
    }

    private static ProblemResult? Limit(HttpContext context, Caller caller)
    {
        if (caller.Limiter is not { } limiter)
            return null;
        var taken = limiter.TryTake(out var left, out var wait);
        var headers = context.Response.Headers;
        headers["RateLimit-Limit"] = limiter.Rate.ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Remaining"] = left.ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Reset"] = "1";
        return taken ? null : Problems.Of(429, ProblemCodes.RateLimited,
            $"This key may send {limiter.Rate} requests a second. Wait a second and go on.", wait);
    }

    private ProblemResult? MissingScope(HttpContext context, Caller caller)
    {
        if (context.GetEndpoint() is not { } endpoint)
            return null; // a 404 or 405 needs no scope
        var needed = endpoint.Metadata.GetMetadata<RequiredScope>()?.Scope;
        if (needed is null && endpoint is not RouteEndpoint)
            return null; // the framework's own endpoint for a method that is not allowed
        return needed is not null && caller.Scopes.Contains(needed) ? null : Deny(context, caller, 403, ProblemCodes.MissingScope,
            $"The key '{caller.Name}' lacks the scope '{needed ?? "none"}' that this call needs.");
    }

    private static bool IsUnsafe(HttpRequest request) =>
        !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && !HttpMethods.IsOptions(request.Method);
}
