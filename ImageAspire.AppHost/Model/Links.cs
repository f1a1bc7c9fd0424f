using System.Globalization;

namespace ImageAspire.AppHost.Model;

/// <summary>Links between the gallery and the dashboard, both ways.</summary>
internal static class Links
{
    /// <summary>On the dashboard: the gallery and the OpenAPI document.</summary>
    public static IResourceBuilder<ProjectResource> WithGalleryLinks(this IResourceBuilder<ProjectResource> api) => api.WithUrls(context =>
    {
        if (!context.ExecutionContext.IsRunMode || context.Urls.FirstOrDefault(url => url.Endpoint is not null) is not { } address)
            return;
        var root = address.Url.TrimEnd('/');
        (address.DisplayText, address.DisplayLocation) = ("API", UrlDisplayLocation.DetailsOnly);
        context.Urls.Add(new ResourceUrlAnnotation { Url = $"{root}/", DisplayText = "Gallery" });
        context.Urls.Add(new ResourceUrlAnnotation { Url = $"{root}/openapi/v1.json", DisplayText = "OpenAPI", DisplayLocation = UrlDisplayLocation.DetailsOnly });
    });

    /// <summary>On the dashboard: a command that makes a sign-in link. A link on the page itself would be used once and then be stale.</summary>
    public static IResourceBuilder<ProjectResource> WithSignInCommand(this IResourceBuilder<ProjectResource> api, Access access, AppHostSettings settings) => settings.IsRun
        ? api.WithCommand("sign-in", "Sign in to the gallery", _ => Task.FromResult(CommandResults.Success(
            "Open the link to sign in to the gallery.", string.Create(CultureInfo.InvariantCulture, $"""
            [Open the gallery]({access.SignInLink(GalleryAddress(settings))})

            This link signs in once, within {Access.LinkLifetime.TotalMinutes:0} minutes.
            """), CommandResultFormat.Markdown, displayImmediately: true)), new CommandOptions
            {
                IconName = "Key", IsHighlighted = true, Description = "Makes a link that signs a browser in, once.",
                UpdateState = context => OperatorCommands.StateFor(context.ResourceSnapshot),
            })
        : api;

    /// <summary>The gallery's address in a local run.</summary>
    public static string GalleryAddress(AppHostSettings settings) => string.Create(CultureInfo.InvariantCulture, $"http://localhost:{settings.ApiPort}");

    /// <summary>On the dashboard: a span's image in the gallery, as an attribute that is a link.</summary>
    public static IResourceBuilder<ProjectResource> WithImageLinks(this IResourceBuilder<ProjectResource> service, AppHostSettings settings) =>
        settings.IsRun ? service.WithEnvironment("Telemetry__ImageUrl", $"{GalleryAddress(settings)}/?image={{id}}") : service;

    /// <summary>In the gallery: an image's trace on the dashboard; on the operations pages: the logs of a service.</summary>
    public static IResourceBuilder<ProjectResource> WithTraceLinks(this IResourceBuilder<ProjectResource> api) => DashboardEndpoints.Of(api.ApplicationBuilder) is { } dashboard
        ? api.WithEnvironment("Api__TraceUrl", $"{dashboard.GetLeftPart(UriPartial.Authority)}/traces/detail/{{traceId}}")
            .WithEnvironment("Api__LogsUrl", $"{dashboard.GetLeftPart(UriPartial.Authority)}/structuredlogs/resource/{{service}}")
        : api;
}
