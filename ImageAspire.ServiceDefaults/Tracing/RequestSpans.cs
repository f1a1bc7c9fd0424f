using System.Diagnostics;
using System.Globalization;
using ImageAspire.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ImageAspire.ServiceDefaults.Tracing;

/// <summary>
/// Completes the server span of a request, which ASP.NET Core leaves bare: name, route and status as OpenTelemetry's conventions for HTTP
/// want them, and the image that the address names. Queries are left out, they may hold a secret. Requests that nobody wants to see in a list of traces,
/// polls of health and the live feed that never ends, are left out altogether. Put around everything else by being a startup filter.
/// </summary>
internal sealed class RequestSpans : IStartupFilter
{
    private const string ImageRoute = "/api/images/{id}";
    private static readonly PathString[] Untraced = ["/health", "/alive", "/api/events"];

    /// <summary>Whether a request has a span.</summary>
    public static bool IsTraced(HttpContext context) => !Array.Exists(Untraced, path => context.Request.Path.StartsWithSegments(path));

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((context, rest) => Activity.Current is { Recorded: true, IsAllDataRequested: true } span ? RunAsync(span, context, rest) : rest(context));
        next(app);
    };

    private static async Task RunAsync(Activity span, HttpContext context, RequestDelegate next)
    {
        if (!IsTraced(context))
        {
            span.IsAllDataRequested = false;
            span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            await next(context);
            return;
        }

        Begin(span, context.Request);
        try
        {
            await next(context);
        }
        catch (Exception error)
        {
            span.Fail(error);
            throw;
        }
        finally
        {
            End(span, context);
        }
    }

    private static void Begin(Activity span, HttpRequest request)
    {
        span.SetTag("http.request.method", Method(request)).SetTag("url.scheme", request.Scheme).SetTag("url.path", request.Path.Value)
            .SetTag("server.address", request.Host.Host).SetTag("network.protocol.version", request.Protocol[(request.Protocol.IndexOf('/') + 1)..]);
        if (request.Host.Port is { } port)
            span.SetTag("server.port", port);
    }

    private static void End(Activity span, HttpContext context)
    {
        var status = context.Response.StatusCode;
        span.SetTag("http.response.status_code", status);
        if (status >= StatusCodes.Status500InternalServerError && span.Status == ActivityStatusCode.Unset)
            span.SetStatus(ActivityStatusCode.Error).SetTag("error.type", status.ToString(CultureInfo.InvariantCulture));
        if ((context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText is not { } route)
        {
            span.DisplayName = Method(context.Request);
            return;
        }

        if (route.Length > 1)
            route = route.TrimEnd('/'); // a group's own address
        span.DisplayName = $"{Method(context.Request)} {route}";
        span.SetTag("http.route", route);
        if (route.StartsWith(ImageRoute, StringComparison.Ordinal) && Guid.TryParseExact(context.GetRouteValue("id") as string, "D", out var image))
            span.About(image);
    }

    // Whatever else a client makes up must not become a name.
    private static string Method(HttpRequest request) => HttpMethods.GetCanonicalizedValue(request.Method) is var method
        && (HttpMethods.IsGet(method) || HttpMethods.IsPost(method) || HttpMethods.IsHead(method) || HttpMethods.IsPut(method) || HttpMethods.IsPatch(method)
            || HttpMethods.IsDelete(method) || HttpMethods.IsOptions(method)) ? method : "_OTHER";
}
