using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ImageAspire.Dashboard.Access;

/// <summary>
/// Nothing is open but what says so (<see cref="IAllowAnonymous"/>: sign-in and assets), and the telemetry API, which has its own key.
/// Whatever changes something must come from one of our forms.
/// </summary>
internal sealed class AccessMiddleware(RequestDelegate next, Sessions sessions)
{
    private const int MostFormBytes = 16_384;

    public async Task InvokeAsync(HttpContext context)
    {
        if (HasOwnKey(context))
        {
            await next(context);
            return;
        }

        var isOpen = context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null;
        var session = sessions.Find(context);
        if (session is null && !isOpen)
        {
            TurnAway(context);
            return;
        }

        if (!IsSafe(context.Request.Method) && !await IsOursAsync(context, isOpen ? null : session))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsync("This did not come from a form of the dashboard, or from one of an earlier session. Go back, reload the page and try again.", context.RequestAborted);
            return;
        }

        context.Features.Set(session);
        await next(context);
    }

    // An address below it that nobody answers is no page either: it would be shown without a key.
    private static bool HasOwnKey(HttpContext context) =>
        context.Request.Path.StartsWithSegments("/api/telemetry", StringComparison.OrdinalIgnoreCase)
        && context.GetEndpoint() is { } endpoint && endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is null;

    private static bool IsSafe(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsTrace(method);

    private static void TurnAway(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        if (request.Headers.ContainsKey("X-Live") || request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase))
        {
            response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        var address = IsSafe(request.Method) ? request.Path + request.QueryString : "/";
        var signIn = address == "/" ? "/login" : "/login?returnUrl=" + Uri.EscapeDataString(address);
        if (HttpMethods.IsGet(request.Method) && request.Headers["Sec-Fetch-Site"] == "cross-site" && request.Headers["Sec-Fetch-Mode"] == "navigate")
        {
            // A link on another site: the browser withholds a SameSite=Strict cookie, and from what it is redirected to, too. From a page
            // of ours it sends it, if it has one; then the way in leads back here at once.
            response.Headers["Refresh"] = "0; url=" + signIn;
            response.ContentType = "text/html; charset=utf-8";
            return;
        }

        response.StatusCode = StatusCodes.Status303SeeOther;
        response.Headers.Location = signIn;
    }

    private static async Task<bool> IsOursAsync(HttpContext context, Session? session)
    {
        var request = context.Request;
        if (!IsSameOrigin(request) || !request.HasFormContentType || request.ContentLength is null or > MostFormBytes)
            return false;
        var form = await request.ReadFormAsync(new FormOptions { ValueCountLimit = 20, KeyLengthLimit = 200 }, context.RequestAborted);
        // Whoever signs in has no session yet; the token that is asked for is the proof then.
        return session is null || CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(form[Sessions.FormField].ToString()), Encoding.UTF8.GetBytes(session.FormToken));
    }

    private static bool IsSameOrigin(HttpRequest request)
    {
        if (request.Headers.TryGetValue("Sec-Fetch-Site", out var site) && site != "same-origin" && site != "none")
            return false;
        return !request.Headers.TryGetValue("Origin", out var origin) || origin == $"{request.Scheme}://{request.Host}";
    }
}
