using Microsoft.AspNetCore.Http;

namespace ImageAspire.Dashboard.Components.Live;

/// <summary>Answers the browser's question whether a page has changed, without rendering it when it has not.</summary>
internal sealed class PageVersionMiddleware(RequestDelegate next, PageVersions versions)
{
    public Task InvokeAsync(HttpContext context)
    {
        // Read before rendering: what is written may be newer than its version, and is then asked for once more; never the reverse.
        if (!HttpMethods.IsGet(context.Request.Method) || versions.Of(context) is not { } version)
            return next(context);
        context.Response.Headers.ETag = version;
        if (!context.Request.Headers.ContainsKey("X-Live") || context.Request.Headers.IfNoneMatch != version)
            return next(context);
        context.Response.StatusCode = StatusCodes.Status304NotModified;
        return Task.CompletedTask;
    }
}
