using System.Diagnostics;
using ImageAspire.Core.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ImageAspire.ServiceDefaults.Tracing;

/// <summary>Adapts the instrumentation of ASP.NET Core: which requests are traced, and the image id on their spans.</summary>
internal static class RequestTraces
{
    private const string ImageRoute = "/api/images/{id}";

    // Health is polled, the live feed does not end, and the query of a sign-in contains a secret.
    private static readonly PathString[] Untraced = ["/health", "/alive", "/api/events", "/signin"];

    public static bool IsTraced(HttpContext context) => !Array.Exists(Untraced, path => context.Request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase));

    /// <summary>Puts the image id on the span of a request whose route contains one.</summary>
    public static void TagImage(Activity span, HttpContext context)
    {
        if ((context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText is { } route && route.StartsWith(ImageRoute, StringComparison.Ordinal)
            && Guid.TryParseExact(context.GetRouteValue("id") as string, "D", out var image))
        {
            span.About(image);
        }
    }
}
