using System.Globalization;
using ImageAspire.Api.Http;

namespace ImageAspire.Api.Access;

/// <summary>Signs a browser in with the token that AppHost prints, or with an API key.</summary>
internal static class SignInPages
{
    private const int MaxForm = 4096;
    private const int MaxReturn = 2000;

    /// <summary>The way in, and back to what was asked for: whoever has a link to one image comes to it.</summary>
    public static string AddressOf(HttpRequest request) => request.Path == "/" && !request.QueryString.HasValue
        ? "/signin" : $"/signin?return={Uri.EscapeDataString(request.Path + request.QueryString)}";

    public static void MapSignIn(this WebApplication app)
    {
        app.Map("/signin", (RequestDelegate)SignInAsync);
        app.Map("/signout", (RequestDelegate)SignOutAsync);
    }

    private static async Task SignInAsync(HttpContext context)
    {
        if (await RefuseOtherSitesAsync(context))
            return;
        var (secret, back) = await SecretAsync(context);
        if (secret is null)
        {
            await Page(200, "", back).ExecuteAsync(context);
            return;
        }

        var guard = context.RequestServices.GetRequiredService<AddressGuard>();
        var address = Addresses.Of(context);
        if (guard.IsLocked(address, out var seconds) || !guard.Admits(address, out seconds))
        {
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            await Page(429, $"Too many attempts to sign in from here. Wait {seconds} seconds.", back).ExecuteAsync(context);
            return;
        }

        if (context.RequestServices.GetRequiredService<Sessions>().Open(secret) is not { } session)
        {
            guard.WrongKey(address);
            context.RequestServices.GetRequiredService<DeniedCalls>().Note(context, null, 401, ProblemCodes.WrongKey);
            await Page(401, "That token or key is not known here. The address with the right token is printed when ImageAspire starts.", back).ExecuteAsync(context);
            return;
        }

        context.Response.Cookies.Append(Door.Cookie, session, new CookieOptions
        {
            HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = context.Request.IsHttps, Path = "/", MaxAge = Sessions.Time,
        });
        await Landing(back).ExecuteAsync(context);
    }

    // The secret (null when none was sent), and where to go on.
    private static async Task<(string? Secret, string Back)> SecretAsync(HttpContext context)
    {
        var request = context.Request;
        if (!HttpMethods.IsPost(request.Method))
            return (request.Query["token"].ToString() is { Length: > 0 } token ? token : null, LocalAddress(request.Query["return"]));
        if (!request.HasFormContentType || request.ContentLength is null or > MaxForm)
            return ("", "/");
        var form = await request.ReadFormAsync(context.RequestAborted);
        return (form["token"].ToString().Trim(), LocalAddress(form["return"]));
    }

    // Where somebody wanted to go before signing in. Only here: "//host" and "/\host" would lead to another site.
    private static string LocalAddress(string? wanted) =>
        wanted is { Length: > 0 and <= MaxReturn } && wanted[0] == '/' && wanted.AsSpan(1).IndexOfAny('/', '\\') != 0 && !wanted.Any(char.IsControl) ? wanted : "/";

    private static async Task SignOutAsync(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            await Problems.Of(405, ProblemCodes.MethodNotAllowed, "Send POST to sign out.").ExecuteAsync(context);
            return;
        }

        if (await RefuseOtherSitesAsync(context))
            return;
        if (context.Request.Cookies[Door.Cookie] is { } cookie && context.RequestServices.GetRequiredService<Sessions>().Find(cookie) is { } session)
            await context.RequestServices.GetRequiredService<SessionEnds>().EndAsync(session);
        context.Response.Cookies.Delete(Door.Cookie, new CookieOptions { Path = "/", SameSite = SameSiteMode.Strict, HttpOnly = true });
        await TypedResults.Redirect("/signin").ExecuteAsync(context);
    }

    // Another site must neither sign somebody in under a key of its own, nor out.
    private static async Task<bool> RefuseOtherSitesAsync(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method) || Origins.IsSame(context.Request))
            return false;
        context.RequestServices.GetRequiredService<DeniedCalls>().Note(context, null, 403, ProblemCodes.CrossSite);
        await Problems.Of(403, ProblemCodes.CrossSite, "A page of another site may not sign anybody in or out.").ExecuteAsync(context);
        return true;
    }

    // Not a redirect: a browser withholds a SameSite=Strict cookie from a redirect that began on another site (a link in a mail, a terminal).
    private static IResult Landing(string back) => Results.Content($"""
        <!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="0; url={System.Net.WebUtility.HtmlEncode(back)}">
        <link rel="icon" href="/favicon.svg"><title>ImageAspire</title><p><a href="{System.Net.WebUtility.HtmlEncode(back)}">To the gallery</a></p></html>
        """, "text/html; charset=utf-8");

    private static IResult Page(int status, string message, string back) => Results.Content($"""
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Sign in · ImageAspire</title>
        <link rel="icon" href="/favicon.svg"><link rel="stylesheet" href="/gallery.css"></head>
        <body><main class="signin"><h1>ImageAspire</h1>
        <p role="alert">{System.Net.WebUtility.HtmlEncode(message)}</p>
        <form method="post" action="/signin"><input type="hidden" name="return" value="{System.Net.WebUtility.HtmlEncode(back)}"><label>Sign-in token or API key
        <input type="password" name="token" autocomplete="current-password" required autofocus maxlength="512"></label> <button>Sign in</button></form>
        </main></body></html>
        """, "text/html; charset=utf-8", statusCode: status);
}
