using ImageAspire.Api.Access;
using ImageAspire.Api.Http;
using ImageAspire.Core.Ports;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageAspire.Api.Reports;

/// <summary>A tag with its count.</summary>
/// <param name="Value">The tag.</param>
/// <param name="Count">How many images have it.</param>
/// <param name="Group"><c>content</c>: what is in the images, and tags of people. <c>measured</c>: what was measured, such as sharpness or orientation. <c>color</c>: a colour.</param>
public sealed record TagCount(string Value, long Count, string Group);

/// <summary>Tags with their counts.</summary>
/// <param name="Items">What is in the images first, then what was measured, then colours; in each group the most frequent first.</param>
public sealed record TagList(IReadOnlyList<TagCount> Items);

/// <summary>Figures per day.</summary>
/// <param name="Items">Oldest first.</param>
public sealed record DailyList(IReadOnlyList<DailyReport> Items);

/// <summary>Tags and reports.</summary>
internal static class ReportsApi
{
    private const int MaxTags = 1000;
    private const int UsualTags = 100;
    private const int MaxDays = 366;

    private static readonly QueryParameter<int> TagLimit = QueryParameter.Limit(MaxTags, UsualTags);
    private static readonly QueryParameter<DateOnly?> FromDay = QueryParameter.Day("from");
    private static readonly QueryParameter<DateOnly?> ToDay = QueryParameter.Day("to");

    public static void MapReports(this RouteGroupBuilder api)
    {
        var reports = api.MapGroup("").WithTags("Reports");
        reports.MapGet("/tags", TagsAsync).RequireScope(Scopes.Read).WithName("ListTags").WithSummary("Tags with their counts: what is in the images first.")
            .WithMetadata(new QueryParameters(TagLimit));
        reports.MapGet("/reports/daily", DailyAsync).RequireScope(Scopes.Read).WithName("DailyReports").WithSummary("Figures per day.")
            .WithMetadata(new QueryParameters(FromDay, ToDay));
        reports.MapGet("/reports/cost", CostAsync).RequireScope(Scopes.Read).WithName("CostEstimate")
            .WithSummary("What 1,000 images would cost on the Azure backend: an estimate from measured figures and a price table with dates.")
            .WithMetadata(new QueryParameters(FromDay, ToDay));
    }

    [ProblemStatuses(400)]
    private static async Task<Results<Ok<TagList>, ProblemResult>> TagsAsync(HttpContext context, IImageCatalog catalog)
    {
        var query = new QueryReader(context.Request.Query);
        var limit = query.Get(TagLimit);
        return query.Problem is { } problem ? problem
            : TypedResults.Ok(new TagList(TagGroups.Sort(await catalog.CountAsync(Facet.Tag, Math.Min(MaxTags, limit + TagGroups.MaxMeasured), context.RequestAborted), limit)));
    }

    [ProblemStatuses(400)]
    private static async Task<Results<Ok<DailyList>, ProblemResult>> DailyAsync(HttpContext context, IReportStore reports, TimeProvider time) =>
        ReadDays(context.Request.Query, time, out var from, out var to) is { } problem ? problem
            : TypedResults.Ok(new DailyList(await reports.DailyAsync(from, to, context.RequestAborted)));

    [ProblemStatuses(400)]
    private static async Task<Results<Ok<CostEstimate>, ProblemResult>> CostAsync(HttpContext context, IReportStore reports, PricesOptions prices, TimeProvider time) =>
        ReadDays(context.Request.Query, time, out var from, out var to) is { } problem ? problem
            : TypedResults.Ok(CostCalculation.Of(await reports.DailyAsync(from, to, context.RequestAborted), from, to, prices));

    // The last thirty days by default.
    private static ProblemResult? ReadDays(IQueryCollection parameters, TimeProvider time, out DateOnly from, out DateOnly to)
    {
        var query = new QueryReader(parameters);
        to = query.Get(ToDay) ?? DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        from = query.Get(FromDay) ?? (to.DayNumber < 30 ? DateOnly.MinValue : to.AddDays(-29));
        return query.Problem ?? (from > to || to.DayNumber - from.DayNumber > MaxDays
            ? Problems.BadRequest(ProblemCodes.InvalidParameter, $"from must not be after to, and at most {MaxDays} days before it.") : null);
    }
}
