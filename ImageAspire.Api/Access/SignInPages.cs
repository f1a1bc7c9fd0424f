using System.Globalization;
using System.Net;
using ImageAspire.Api.Http;

namespace ImageAspire.Api.Access;

/// <summary>
/// The pages that sign a browser in and out. Only a POST from a page of this site does; opening a sign-in link shows a form, which submits itself
/// when only the user can have opened it.
/// </summary>
internal static class SignInPages
{
    private const int MaxForm = 4096;
    private const int MaxReturn = 2000;

    /// <summary>Address of the sign-in page, which returns to the requested address afterwards.</summary>
    public static string AddressOf(HttpRequest request) => request.Path == "/" && !request.QueryString.HasValue
        ? "/signin" : $"/signin?return={Uri.EscapeDataString(request.Path + request.QueryString)}";

    public static void MapSignIn(this WebApplication app)
    {
        app.MapGet("/signin", (RequestDelegate)ShowAsync).AllowAnonymous().ExcludeFromDescription();
        app.MapPost("/signin", (RequestDelegate)SignInAsync).AllowAnonymous().ExcludeFromDescription();
        app.MapPost("/signout", (RequestDelegate)SignOutAsync).AllowAnonymous().ExcludeFromDescription();
    }

    // Looks at no secret: another site can cause this request, and must neither sign a person in by it nor be counted as wrong tries of the user.
    private static Task ShowAsync(HttpContext context)
    {
        var request = context.Request;
        var back = LocalAddress(request.Query["return"]);
        var token = request.Query["token"].ToString();
        context.Response.Headers.CacheControl = "no-store";
        if (token.Length > 0 && context.Features.Get<Session>() is not null)
            return TypedResults.Redirect(back).ExecuteAsync(context); // the same link once more, in the browser that it signed in
        return Page(200, "", back, token, submits: request.Headers["Sec-Fetch-Site"] == "none").ExecuteAsync(context);
    }

    private static async Task SignInAsync(HttpContext context)
    {
        if (await RefuseOtherSitesAsync(context))
            return;
        var (secret, back) = await FormAsync(context);
        var address = ClientAddress.Of(context);
        var (cookie, refusal) = await context.RequestServices.GetRequiredService<SignIn>().TryAsync(secret, address, context.RequestAborted);
        if (refusal is not null)
        {
            await RefuseAsync(context, refusal, address, back);
            return;
        }

        context.Response.Cookies.Append(SessionCookies.Name, cookie!, new CookieOptions
        {
            HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = context.Request.IsHttps, Path = "/", MaxAge = SessionCookies.Lifetime,
        });
        await ReturnPage(back).ExecuteAsync(context);
    }

    private static Task RefuseAsync(HttpContext context, ProblemResult refusal, IPAddress address, string back)
    {
        context.RequestServices.GetRequiredService<DeniedCallAudit>().Record(context, null, refusal.Problem.Status, refusal.Problem.Code);
        var shown = context.RequestServices.GetRequiredService<AnonymousCallLimiter>().TryAcquire(address, out var seconds) ? refusal
            : Problems.Of(429, ProblemCodes.RateLimited, $"Too many attempts to sign in from here. Wait {seconds} seconds.", seconds);
        if (shown.RetryAfterSeconds is { } wait)
            context.Response.Headers.RetryAfter = wait.ToString(CultureInfo.InvariantCulture);
        return Page(shown.Problem.Status, shown.Problem.Detail, back).ExecuteAsync(context);
    }

    // The secret, and the address to return to.
    private static async Task<(string Secret, string Back)> FormAsync(HttpContext context)
    {
        var request = context.Request;
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
        if (await RefuseOtherSitesAsync(context))
            return;
        if (context.Request.Cookies[SessionCookies.Name] is { } cookie)
            await context.RequestServices.GetRequiredService<SessionCookies>().EndAsync(cookie, context.RequestAborted);
        context.Response.Cookies.Delete(SessionCookies.Name, new CookieOptions { Path = "/", SameSite = SameSiteMode.Strict, HttpOnly = true });
        await TypedResults.Redirect("/signin").ExecuteAsync(context);
    }

    // Another site must neither sign a person in with a key of its own, nor sign them out.
    private static async Task<bool> RefuseOtherSitesAsync(HttpContext context)
    {
        if (RequestOrigin.IsSame(context.Request))
            return false;
        context.RequestServices.GetRequiredService<DeniedCallAudit>().Record(context, null, 403, ProblemCodes.CrossSite);
        await Problems.Of(403, ProblemCodes.CrossSite, "A page of another site cannot sign in or out.").ExecuteAsync(context);
        return true;
    }

    // Not a redirect: a browser withholds a SameSite=Strict cookie from a redirect that began on another site (a link in a mail, a terminal).
    private static IResult ReturnPage(string back) => Results.Content($"""
        <!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="0; url={WebUtility.HtmlEncode(back)}">
        <link rel="icon" href="/favicon.svg"><title>ImageAspire</title><p><a href="{WebUtility.HtmlEncode(back)}">To the gallery</a></p></html>
        """, "text/html; charset=utf-8");

    private static IResult Page(int status, string message, string back, string token = "", bool submits = false) => Results.Content($"""
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Sign in · ImageAspire</title>
        <link rel="icon" href="/favicon.svg"><link rel="stylesheet" href="/gallery.css">{(submits && token.Length > 0 ? "<script src=\"/js/signin.js\" defer></script>" : "")}</head>
        <body><main class="signin"><h1>ImageAspire</h1>
        <p role="alert">{WebUtility.HtmlEncode(message)}</p>
        {(token.Length > 0 ? LinkForm(back, token) : KeyForm(back))}
        </main></body></html>
        """, "text/html; charset=utf-8", statusCode: status);

    private static string LinkForm(string back, string token) => $"""
        <form method="post" action="/signin" id="link"><input type="hidden" name="return" value="{WebUtility.HtmlEncode(back)}">
        <input type="hidden" name="token" value="{WebUtility.HtmlEncode(token)}"><button autofocus>Sign in to the gallery</button></form>
        <p><a href="/signin">Sign in with an API key</a></p>
        """;

    private static string KeyForm(string back) => $"""
        <form method="post" action="/signin"><input type="hidden" name="return" value="{WebUtility.HtmlEncode(back)}"><label>API key
        <input type="password" name="token" autocomplete="current-password" required autofocus maxlength="512"></label> <button>Sign in</button></form>
        """;
}
