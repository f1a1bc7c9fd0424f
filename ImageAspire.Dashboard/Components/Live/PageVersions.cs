using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using ImageAspire.Dashboard.Access;
using ImageAspire.Dashboard.Resources;
using ImageAspire.Dashboard.Telemetry;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Http;

namespace ImageAspire.Dashboard.Components.Live;

/// <summary>Tells the version of a page without rendering it: from what it shows (<see cref="ShowsAttribute"/>).</summary>
internal sealed class PageVersions(TelemetryStore store, ResourceBoard board, Commands commands)
{
    // Versions begin anew with the process.
    private readonly string _process = Guid.NewGuid().ToString("N");

    /// <summary>The ETag of the page that would answer a request; null when it is not a page.</summary>
    public string? Of(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>()?.Type is not { } page)
            return null;
        var shown = page.GetCustomAttribute<ShowsAttribute>()?.Shown ?? Shown.All;
        var text = new StringBuilder(_process).Append(' ').Append(context.Features.Get<Session>()?.FormToken)
            .Append(' ').Append(ThemeChoice.Of(context)).Append(' ').Append(context.Request.QueryString).Append(' ').Append(HasDropped());
        if (shown.HasFlag(Shown.Resources))
            text.Append(" r").Append(board.Version).Append('.').Append(commands.Version);
        if (shown.HasFlag(Shown.Traces))
            text.Append(" t").Append(store.Traces.Version);
        if (shown.HasFlag(Shown.Logs))
            text.Append(" l").Append(store.Logs.Version);
        if (shown.HasFlag(Shown.Metrics))
            text.Append(" m").Append(store.Metrics.Version);
        return $"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..24]}\"";
    }

    // The line about the stores is on every page. That something is lost is news; how much, comes with the next change.
    private bool HasDropped() => store.Traces.State.Dropped + store.Logs.State.Dropped + store.Metrics.State.Dropped > 0;
}
