using System.Globalization;

namespace ImageAspire.AppHost.Model;

/// <summary>Links between the gallery and the dashboard, both ways.</summary>
internal static class Links
{
    /// <summary>On the dashboard: the gallery, signed in, and the OpenAPI document. The dashboard itself requires a token.</summary>
    public static IResourceBuilder<ProjectResource> WithGalleryLinks(this IResourceBuilder<ProjectResource> api, Access access) => api.WithUrls(context =>
    {
        if (!context.ExecutionContext.IsRunMode || context.Urls.FirstOrDefault(url => url.Endpoint is not null) is not { } address)
            return;
        var root = address.Url.TrimEnd('/');
        (address.DisplayText, address.DisplayLocation) = ("API", UrlDisplayLocation.DetailsOnly);
        context.Urls.Add(new ResourceUrlAnnotation { Url = GalleryAddress(root, access), DisplayText = "Gallery" });
        context.Urls.Add(new ResourceUrlAnnotation { Url = $"{root}/openapi/v1.json", DisplayText = "OpenAPI", DisplayLocation = UrlDisplayLocation.DetailsOnly });
    });

    /// <summary>The address that opens the gallery signed in.</summary>
    public static string GalleryAddress(string root, Access access) => $"{root}/signin?token={Uri.EscapeDataString(access.SignInToken)}";

    /// <summary>On the dashboard: a span's image in the gallery, as an attribute that is a link.</summary>
    public static IResourceBuilder<ProjectResource> WithImageLinks(this IResourceBuilder<ProjectResource> service, AppHostSettings settings) =>
        settings.IsRun ? service.WithEnvironment("Telemetry__ImageUrl", string.Create(CultureInfo.InvariantCulture, $"http://localhost:{settings.ApiPort}/?image={{id}}")) : service;

    /// <summary>In the gallery: an image's trace on the dashboard.</summary>
    public static IResourceBuilder<ProjectResource> WithTraceLinks(this IResourceBuilder<ProjectResource> api) => DashboardEndpoints.Of(api.ApplicationBuilder) is { } dashboard
        ? api.WithEnvironment("Api__TraceUrl", $"{dashboard.GetLeftPart(UriPartial.Authority)}/traces/detail/{{traceId}}")
        : api;
}
