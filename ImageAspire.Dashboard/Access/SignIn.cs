using ImageAspire.Dashboard.Components.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ImageAspire.Dashboard.Access;

/// <summary>The way in and out.</summary>
internal static class SignIn
{
    private const int LongestToken = 512;

    public static void MapSignIn(this IEndpointRouteBuilder app)
    {
        app.MapGet("/login", (RequestDelegate)ShowAsync).AllowAnonymous();
        app.MapPost("/login", (RequestDelegate)SubmitAsync).AllowAnonymous();
        app.MapPost("/logout", (HttpContext context, Sessions sessions) =>
        {
            sessions.End(context);
            return SeeOther("/login");
        });
    }

    // With a token (the address that AppHost prints) it goes on at once, so that the token leaves the address bar.
    private static Task ShowAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var returnUrl = LocalAddress.OrHome(query["returnUrl"]);
        if (query["t"].ToString() is { Length: > 0 } token)
            return AnswerAsync(context, token, returnUrl);
        return context.Features.Get<Session>() is not null ? SeeOther(returnUrl).ExecuteAsync(context) : Page(returnUrl, "").ExecuteAsync(context);
    }

    private static Task SubmitAsync(HttpContext context)
    {
        var form = context.Request.Form; // has been read, within its limits, when its origin was checked
        return AnswerAsync(context, form["token"].ToString(), LocalAddress.OrHome(form["returnUrl"]));
    }

    private static Task AnswerAsync(HttpContext context, string token, string returnUrl)
    {
        var services = context.RequestServices;
        var result = token.Length > LongestToken ? SignInResult.Wrong : services.GetRequiredService<SignInAttempts>().Try(token.Trim());
        if (result == SignInResult.Ok)
        {
            services.GetRequiredService<Sessions>().Begin(context);
            return SeeOther(returnUrl).ExecuteAsync(context);
        }

        if (result == SignInResult.TooMany)
            context.Response.Headers.RetryAfter = "1";
        return result == SignInResult.TooMany
            ? Page(returnUrl, "Too many attempts. Wait a few seconds.", StatusCodes.Status429TooManyRequests).ExecuteAsync(context)
            : Page(returnUrl, "That token is not known here. The address with the right one is printed when ImageAspire starts.", StatusCodes.Status401Unauthorized).ExecuteAsync(context);
    }

    private static RazorComponentResult<LoginPage> Page(string returnUrl, string message, int status = StatusCodes.Status200OK) =>
        new(new { ReturnUrl = returnUrl, Message = message }) { StatusCode = status };

    internal static IResult SeeOther(string address) => new SeeOtherResult(address);

    // 303: whatever the method was, what follows is a GET.
    private sealed class SeeOtherResult(string address) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
            httpContext.Response.Headers.Location = address;
            return Task.CompletedTask;
        }
    }
}
