using System.Net;
using ImageAspire.Dashboard.Access;
using Microsoft.AspNetCore.Http;

namespace ImageAspire.Dashboard.Components.Pages;

/// <summary>Says that a page could not be made. What happened is in the log, under the same number, and not on the page.</summary>
internal static class ErrorPage
{
    public static Task WriteAsync(HttpContext context)
    {
        SecurityHeaders.Set(context.Response.Headers); // what was set before was thrown away with the page
        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.WriteAsync($"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Error</title>
            <link rel="stylesheet" href="{EmbeddedAssets.Address("app.css")}"></head>
            <body class="single"><main><h1>Something went wrong</h1>
            <p>The page could not be made. The reason is in the output of AppHost, under request <code>{WebUtility.HtmlEncode(context.TraceIdentifier)}</code>.</p>
            <p><a href="/">To the resources</a></p></main></body></html>
            """, context.RequestAborted);
    }
}
