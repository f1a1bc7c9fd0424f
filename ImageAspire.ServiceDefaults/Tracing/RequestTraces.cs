using System.Diagnostics;
using ImageAspire.Core.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ImageAspire.ServiceDefaults.Tracing;

/// <summary>Adapts the instrumentation of ASP.NET Core: which requests are traced, and the image id on their spans.</summary>
internal static class RequestTraces
{
    private const string ImageRoute = "/api/images/{id}";

    // Of the Api and of the vision service. All else is files of the pages, health, and the sign-in, whose query contains a secret.
    private static readonly PathString[] Traced = ["/api", "/computervision"];

    // The live feed does not end, and pages poll what operators look at every two seconds.
    private static readonly PathString Feed = "/api/events", Operations = "/api/operations";

    public static bool IsTraced(HttpContext context)
    {
        var path = context.Request.Path;
        return Array.Exists(Traced, one => path.StartsWithSegments(one, StringComparison.OrdinalIgnoreCase)) && !path.StartsWithSegments(Feed, StringComparison.OrdinalIgnoreCase)
            && !(HttpMethods.IsGet(context.Request.Method) && path.StartsWithSegments(Operations, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Names the span of an upload after its file, so that a list of traces is a list of images. The name is the client's: data of limited length.</summary>
    public static void NameUpload(Activity span)
    {
        if (span.GetTagItem(Spans.ImageName) is string name)
            span.DisplayName = $"{span.DisplayName} {name}";
    }

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
