using ImageAspire.Dashboard.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace ImageAspire.Dashboard.Components;

/// <summary>How pages look.</summary>
internal enum ColorTheme
{
    /// <summary>As the system says.</summary>
    System,

    /// <summary>Light.</summary>
    Light,

    /// <summary>Dark.</summary>
    Dark,
}

/// <summary>The theme that somebody has chosen: kept in a cookie.</summary>
internal static class ThemeChoice
{
    private const string Cookie = "imageaspire-dashboard-theme";

    public static ColorTheme Of(HttpContext context) => context.Request.Cookies[Cookie] switch
    {
        "light" => ColorTheme.Light,
        "dark" => ColorTheme.Dark,
        _ => ColorTheme.System,
    };

    public static void MapTheme(this IEndpointRouteBuilder app) => app.MapPost("/theme", (HttpContext context, [FromForm] string? theme, [FromForm] string? returnUrl) =>
    {
        if (theme is "light" or "dark" or "system")
            context.Response.Cookies.Append(Cookie, theme, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, Path = "/", MaxAge = TimeSpan.FromDays(365) });
        return SignIn.SeeOther(LocalAddress.OrHome(returnUrl));
    }).DisableAntiforgery(); // AccessMiddleware checks
}
