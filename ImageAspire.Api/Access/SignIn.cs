using System.Threading.RateLimiting;
using ImageAspire.Api.Http;

namespace ImageAspire.Api.Access;

/// <summary>Signs a browser in with the token that AppHost prints, or with an API key.</summary>
internal static class SignInPages
{
    private const int MaxForm = 4096;

    public static void MapSignIn(this WebApplication app)
    {
        // Guessing is hopeless against 256 bits; the limit keeps it from costing anything.
        var attempts = PartitionedRateLimiter.Create<HttpContext, string>(context => RateLimitPartition.GetFixedWindowLimiter(
            context.Connection.RemoteIpAddress?.ToString() ?? "", _ => new FixedWindowRateLimiterOptions { PermitLimit = 60, Window = TimeSpan.FromMinutes(1) }));
        app.Lifetime.ApplicationStopped.Register(attempts.Dispose);
        app.Map("/signin", (RequestDelegate)(context => SignInAsync(context, attempts)));
        app.Map("/signout", (RequestDelegate)(context => SignOut(context).ExecuteAsync(context)));
    }

    private static async Task SignInAsync(HttpContext context, PartitionedRateLimiter<HttpContext> attempts)
    {
        var secret = await SecretAsync(context);
        if (secret is null)
        {
            await Page(200, "").ExecuteAsync(context);
            return;
        }

        using var lease = attempts.AttemptAcquire(context);
        if (!lease.IsAcquired)
        {
            await Problems.Of(429, ProblemCodes.RateLimited, "Too many attempts to sign in. Wait a minute.", retryAfterSeconds: 60).ExecuteAsync(context);
            return;
        }

        if (context.RequestServices.GetRequiredService<KeyRing>().SignIn(secret) is not { } session)
        {
            await Page(401, "That token or key is not known here. The address with the right token is printed when ImageAspire starts.").ExecuteAsync(context);
            return;
        }

        context.Response.Cookies.Append(AccessMiddleware.Cookie, session, new CookieOptions
        {
            HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = context.Request.IsHttps, Path = "/", MaxAge = KeyRing.SessionTime,
        });
        await Landing().ExecuteAsync(context);
    }

    private static async Task<string?> SecretAsync(HttpContext context)
    {
        var request = context.Request;
        if (!HttpMethods.IsPost(request.Method))
            return request.Query["token"].ToString() is { Length: > 0 } token ? token : null;
        if (!request.HasFormContentType || request.ContentLength is null or > MaxForm)
            return "";
        var form = await request.ReadFormAsync(context.RequestAborted);
        return form["token"].ToString().Trim();
    }

    private static IResult SignOut(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
            return Problems.Of(405, ProblemCodes.MethodNotAllowed, "Send POST to sign out.");
        context.Response.Cookies.Delete(AccessMiddleware.Cookie, new CookieOptions { Path = "/", SameSite = SameSiteMode.Strict, HttpOnly = true });
        return TypedResults.Redirect("/signin");
    }

    // Not a redirect: a browser withholds a SameSite=Strict cookie from a redirect that began on another site (a link in a mail, a terminal).
    private static IResult Landing() => Results.Content(
        """<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="0; url=/"><link rel="icon" href="/favicon.svg"><title>ImageAspire</title><p><a href="/">To the gallery</a></p></html>""",
        "text/html; charset=utf-8");

    private static IResult Page(int status, string message) => Results.Content($"""
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Sign in · ImageAspire</title>
        <link rel="icon" href="/favicon.svg"><link rel="stylesheet" href="/gallery.css"></head>
        <body><main class="signin"><h1>ImageAspire</h1>
        <p role="alert">{System.Net.WebUtility.HtmlEncode(message)}</p>
        <form method="post" action="/signin"><label>Sign-in token or API key
        <input type="password" name="token" autocomplete="current-password" required autofocus maxlength="512"></label> <button>Sign in</button></form>
        </main></body></html>
        """, "text/html; charset=utf-8", statusCode: status);
}
