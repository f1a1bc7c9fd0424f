using System.Diagnostics;
using ImageAspire.Core.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ImageAspire.ServiceDefaults.Tracing;

/// <summary>What the instrumentation of ASP.NET Core cannot know: which requests are not worth a trace, and which image a request is about.</summary>
internal static class RequestTraces
{
    private const string ImageRoute = "/api/images/{id}";

    // Health is polled, the live feed never ends, and the query of a sign-in holds a secret.
    private static readonly PathString[] Untraced = ["/health", "/alive", "/api/events", "/signin"];

    /// <summary>Whether a request has a span.</summary>
    public static bool IsTraced(HttpContext context) => !Array.Exists(Untraced, path => context.Request.Path.StartsWithSegments(path));

    /// <summary>Puts the image's id on the span of a request whose address names one.</summary>
    public static void NameImage(Activity span, HttpContext context)
    {
        if ((context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText is { } route && route.StartsWith(ImageRoute, StringComparison.Ordinal)
            && Guid.TryParseExact(context.GetRouteValue("id") as string, "D", out var image))
        {
            span.About(image);
        }
    }
}
