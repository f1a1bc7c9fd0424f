using ImageAspire.Core.Ports;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageAspire.Api.Operations;

/// <summary>The scrub: the Worker reads every stored original again and again, and compares it with what was uploaded.</summary>
/// <param name="Running">True while a Worker has the scrub in hand, also while it waits for the next pass.</param>
/// <param name="Pass">The number of the pass, from 1; 0 before the first.</param>
/// <param name="Complete">True when every image of the pass was read and the next one has not begun.</param>
/// <param name="StartedAt">When the pass began, UTC; absent before the first.</param>
/// <param name="CompletedAt">When the last complete pass ended, UTC; absent before.</param>
/// <param name="Images">Originals read in this pass.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="TotalImages">Images that there are now.</param>
/// <param name="Damaged">How many originals are damaged.</param>
/// <param name="Findings">The damaged ones, the first found first; at most 1,000.</param>
public sealed record ScrubAnswer(
    bool Running, long Pass, bool Complete, DateTimeOffset? StartedAt, DateTimeOffset? CompletedAt, long Images, long Bytes, long TotalImages,
    long Damaged, IReadOnlyList<ScrubFindingAnswer> Findings)
{
    internal static ScrubAnswer Of(ScrubProgress? progress, long totalImages, ScrubFindings findings, DateTimeOffset now) => new(
        progress?.LeaseUntil > now, progress?.Pass ?? 0, progress?.Complete ?? false, progress is { Pass: > 0 } ? progress.StartedAt : null, progress?.CompletedAt,
        progress?.Images ?? 0, progress?.Bytes ?? 0, totalImages, findings.Total,
        [.. findings.Items.OrderBy(one => one.FoundAt).Select(one => new ScrubFindingAnswer(one.ImageId, one.Name, one.Sha256, one.Damage, one.FoundAt, one.SeenAt))]);
}

/// <summary>A damaged original.</summary>
/// <param name="ImageId">The image.</param>
/// <param name="Name">Its display name when it was last read.</param>
/// <param name="Sha256">The digest that its bytes should have: an upload of the file with it restores the image.</param>
/// <param name="Damage"><c>missing-bytes</c>, <c>wrong-size</c>, <c>wrong-bytes</c> or <c>unreadable-bytes</c>.</param>
/// <param name="FoundAt">When it was found, UTC.</param>
/// <param name="SeenAt">When it was last seen, UTC.</param>
public sealed record ScrubFindingAnswer(Guid ImageId, string Name, string Sha256, string Damage, DateTimeOffset FoundAt, DateTimeOffset SeenAt);

/// <summary>How far the scrub is, and what it found.</summary>
internal static class ScrubApi
{
    private const int AllStatuses = 10;

    public static void MapScrub(this RouteGroupBuilder operations) => operations.MapGet("/scrub", GetAsync)
        .WithName("GetScrub").WithSummary("How far the scrub of the stored originals is, and which are damaged.");

    private static async Task<Ok<ScrubAnswer>> GetAsync(
        HttpContext context, IScrubProgressStore progress, IScrubFindingStore findings, IImageCatalog catalog, TimeProvider time)
    {
        var counts = await catalog.CountAsync(Facet.Status, AllStatuses, context.RequestAborted);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(ScrubAnswer.Of(await progress.ReadAsync(context.RequestAborted), counts.Sum(one => one.Count),
            await findings.ListAsync(ScrubFindings.MaxListed, context.RequestAborted), time.GetUtcNow()));
    }
}
