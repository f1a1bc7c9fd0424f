using ImageAspire.Core.Ports;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageAspire.Api.Operations;

/// <summary>The scheduled backups.</summary>
/// <param name="Enabled">False: there is no schedule, and all else is absent.</param>
/// <param name="Folder">Where they are, on the machine of the store.</param>
/// <param name="Keep">How many are kept.</param>
/// <param name="NextAt">When the next one is due, UTC; in the past while it is made, or no Worker runs.</param>
/// <param name="LastAt">When the last attempt began, UTC; absent before the first.</param>
/// <param name="LastError">Why it failed, or what the backup lacks; absent when it is complete.</param>
/// <param name="Items">Those that are there, newest first.</param>
public sealed record BackupsAnswer(
    bool Enabled, string? Folder = null, int? Keep = null, DateTimeOffset? NextAt = null, DateTimeOffset? LastAt = null, string? LastError = null,
    IReadOnlyList<ScheduledBackup>? Items = null)
{
    internal static BackupsAnswer Of(BackupOverview? overview) => overview is null ? new BackupsAnswer(false)
        : new BackupsAnswer(true, overview.Folder, overview.Keep, overview.NextAt, overview.Last?.At, overview.Last?.Error, overview.Items);
}

/// <summary>The scheduled backups of the embedded backend.</summary>
internal static class BackupsApi
{
    public static void MapBackups(this RouteGroupBuilder operations) => operations.MapGet("/backups", GetAsync)
        .WithName("GetBackups").WithSummary("The scheduled backups: what there is, the last result, and when the next one is due.");

    private static async Task<Ok<BackupsAnswer>> GetAsync(HttpContext context, IScheduledBackups backups)
    {
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(BackupsAnswer.Of(await backups.ReadAsync(context.RequestAborted)));
    }
}
