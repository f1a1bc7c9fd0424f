using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ImageAspire.AppHost.Azure;

/// <summary>The key, who gets it, and what the dashboard may do with it.</summary>
internal static class Access
{
    private const string KeyHeader = "X-API-Key";

    /// <summary>A generated secret: kept in user secrets when run, in the deployment's environment when deployed.</summary>
    public static IResourceBuilder<ParameterResource> AddApiKey(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddParameter(name, new GenerateParameterDefault { MinLength = 40, Special = false }, secret: true, persist: true)
            .WithDescription("The API key with every scope. It opens the gallery too.");

    /// <summary>Tells the Api its key; the Api keeps only the hash.</summary>
    public static IResourceBuilder<ProjectResource> WithApiKey(this IResourceBuilder<ProjectResource> api, IResourceBuilder<ParameterResource> key) => api
        .WithEnvironment("Access__Keys__0__Name", "apphost")
        .WithEnvironment("Access__Keys__0__Key", key)
        .WithEnvironment("Access__Keys__0__Scopes", "read,write,operate")
        .WithEnvironment("Access__Keys__0__RequestsPerSecond", "0");

    /// <summary>Links on the dashboard: the gallery, signed in, and the description of the API. The dashboard is itself behind a token.</summary>
    public static IResourceBuilder<ProjectResource> WithGalleryLink(this IResourceBuilder<ProjectResource> api, IResourceBuilder<ParameterResource> key) =>
        api.WithUrls(async context =>
        {
            if (!context.ExecutionContext.IsRunMode || context.Urls.FirstOrDefault(url => url.Endpoint is not null) is not { } address)
                return;
            var root = address.Url.TrimEnd('/');
            address.DisplayText = "API";
            address.DisplayLocation = UrlDisplayLocation.DetailsOnly;
            var secret = await key.Resource.GetValueAsync(context.CancellationToken);
            context.Urls.Add(new ResourceUrlAnnotation
            {
                Url = $"{root}/signin?token={Uri.EscapeDataString(secret ?? "")}", DisplayText = "Gallery", DisplayOrder = 100,
            });
            context.Urls.Add(new ResourceUrlAnnotation
            {
                Url = $"{root}/openapi/v1.json", DisplayText = "OpenAPI", DisplayLocation = UrlDisplayLocation.DetailsOnly,
            });
        });

    /// <summary>Buttons on the dashboard for what operators do most.</summary>
    public static IResourceBuilder<ProjectResource> WithOperatorCommands(this IResourceBuilder<ProjectResource> api, IResourceBuilder<ParameterResource> key) => api
        .WithHttpCommand("/api/operations/dead-letters/retry", "Retry dead letters", commandName: "retry-dead-letters", commandOptions: Options(
            key, "ArrowReplyAll", "Every dead letter goes back into its subscription and is tried again.", "Retry all dead letters?"))
        .WithHttpCommand("/api/operations/subscriptions/analyze-image/pause", "Pause analysis", commandName: "pause-analysis", commandOptions: Options(
            key, "Pause", "Images are still taken in and inspected; they wait for their analysis."))
        .WithHttpCommand("/api/operations/subscriptions/analyze-image/resume", "Resume analysis", commandName: "resume-analysis", commandOptions: Options(
            key, "Play", "The analysis goes on with what waits."));

    private static HttpCommandOptions Options(IResourceBuilder<ParameterResource> key, string icon, string description, string? confirmation = null) => new()
    {
        Method = HttpMethod.Post,
        IconName = icon,
        Description = description,
        ConfirmationMessage = confirmation,
        PrepareRequest = async context => context.Request.Headers.Add(KeyHeader, await key.Resource.GetValueAsync(context.CancellationToken)),
        UpdateState = context => context.ResourceSnapshot.HealthStatus is HealthStatus.Healthy ? ResourceCommandState.Enabled : ResourceCommandState.Disabled,
    };
}
