using System.Globalization;
using ImageAspire.Api.Http;

namespace ImageAspire.Api.Access;

/// <summary>Signs a browser in with the token that AppHost prints, or with an API key.</summary>
internal static class SignInPages
{
    private const int MaxForm = 4096;
    private const int MaxReturn = 2000;

    /// <summary>Address of the sign-in page, which returns to the requested address afterwards.</summary>
    public static string AddressOf(HttpRequest request) => request.Path == "/" && !request.QueryString.HasValue
        ? "/signin" : $"/signin?return={Uri.EscapeDataString(request.Path + request.QueryString)}";

    public static void MapSignIn(this WebApplication app)
    {
        app.Map("/signin", (RequestDelegate)SignInAsync).AllowAnonymous();
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

        var anonymousCalls = context.RequestServices.GetRequiredService<AnonymousCallLimiter>();
        var address = ClientAddress.Of(context);
        if (anonymousCalls.IsLockedOut(address, out var seconds) || !anonymousCalls.TryAcquire(address, out seconds))
        {
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            await Page(429, $"Too many attempts to sign in from here. Wait {seconds} seconds.", back).ExecuteAsync(context);
            return;
        }

        if (context.RequestServices.GetRequiredService<SessionCookies>().Issue(secret) is not { } session)
        {
            anonymousCalls.RecordWrongKey(address);
            context.RequestServices.GetRequiredService<DeniedCallAudit>().Record(context, null, 401, ProblemCodes.WrongKey);
            await Page(401, "This token or key is unknown. The address with the right token is printed when ImageAspire starts.", back).ExecuteAsync(context);
            return;
        }

        context.Response.Cookies.Append(SessionCookies.Name, session, new CookieOptions
        {
            HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = context.Request.IsHttps, Path = "/", MaxAge = SessionCookies.Lifetime,
        });
        await ReturnPage(back).ExecuteAsync(context);
    }

    // The secret (null when none was sent), and the address to return to.
    private static async Task<(string? Secret, string Back)> SecretAsync(HttpContext context)
    {
        var request = context.Request;
        if (!HttpMethods.IsPost(request.Method))
            return (request.Query["token"].ToString() is { Length: > 0 } token ? token : null, LocalAddress(request.Query["return"]));
        if (!request.HasFormContentType || request.ContentLength is null or > MaxForm)
            return ("", "/");
        try
        {
            var form = await request.ReadFormAsync(context.RequestAborted);
            return (form["token"].ToString().Trim(), LocalAddress(form["return"]));
        }
        catch (InvalidDataException)
        {
            return ("", "/"); // not a form: no secret is right
        }
    }

    // The address that was requested before signing in. Only a local one: "//host" and "/\host" would lead to another site.
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
        if (context.Request.Cookies[SessionCookies.Name] is { } cookie && context.RequestServices.GetRequiredService<SessionCookies>().Validate(cookie) is { } session)
            await context.RequestServices.GetRequiredService<SessionLifetimes>().RevokeAsync(session);
        context.Response.Cookies.Delete(SessionCookies.Name, new CookieOptions { Path = "/", SameSite = SameSiteMode.Strict, HttpOnly = true });
        await TypedResults.Redirect("/signin").ExecuteAsync(context);
    }

    // Another site must neither sign a person in with a key of its own, nor sign them out.
    private static async Task<bool> RefuseOtherSitesAsync(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method) || RequestOrigin.IsSame(context.Request))
            return false;
        context.RequestServices.GetRequiredService<DeniedCallAudit>().Record(context, null, 403, ProblemCodes.CrossSite);
        await Problems.Of(403, ProblemCodes.CrossSite, "A page of another site cannot sign in or out.").ExecuteAsync(context);
        return true;
    }

    // Not a redirect: a browser withholds a SameSite=Strict cookie from a redirect that began on another site (a link in a mail, a terminal).
    private static IResult ReturnPage(string back) => Results.Content($"""
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
