using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ImageAspire.AppHost.Model;

/// <summary>The most frequent operations, as commands of the Api on the dashboard.</summary>
internal static class OperatorCommands
{
    private const string KeyHeader = "X-API-Key";
    private const string Analysis = "/api/operations/subscriptions/analyze-image";

    /// <summary>Retry dead letters, pause and resume analysis.</summary>
    public static IResourceBuilder<ProjectResource> WithOperatorCommands(this IResourceBuilder<ProjectResource> api, Access access) => api
        .WithHttpCommand("/api/operations/dead-letters/retry", "Retry dead letters", commandName: "retry-dead-letters", commandOptions: Options(
            access, "ArrowReplyAll", "Every dead letter returns to its subscription and is retried.", "Retry all dead letters?"))
        .WithHttpCommand($"{Analysis}/pause", "Pause analysis", commandName: "pause-analysis", commandOptions: Options(
            access, "Pause", "Images are still received and inspected; they wait for their analysis."))
        .WithHttpCommand($"{Analysis}/resume", "Resume analysis", commandName: "resume-analysis", commandOptions: Options(
            access, "Play", "Waiting images are analysed."));

    private static HttpCommandOptions Options(Access access, string icon, string description, string? confirmation = null) => new()
    {
        Method = HttpMethod.Post,
        IconName = icon,
        Description = description,
        ConfirmationMessage = confirmation,
        PrepareRequest = async context => context.Request.Headers.Add(KeyHeader, await access.Key.Resource.GetValueAsync(context.CancellationToken)),
        UpdateState = context => StateFor(context.ResourceSnapshot),
    };

    /// <summary>Enabled while the Api can answer.</summary>
    public static ResourceCommandState StateFor(CustomResourceSnapshot api) =>
        api.HealthStatus is HealthStatus.Healthy or HealthStatus.Degraded ? ResourceCommandState.Enabled : ResourceCommandState.Disabled;
}
