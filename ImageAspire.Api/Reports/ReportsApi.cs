using ImageAspire.Api.Access;
using ImageAspire.Api.Http;
using ImageAspire.Core.Ports;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageAspire.Api.Reports;

/// <summary>Values of a facet with their counts.</summary>
/// <param name="Items">Most first.</param>
public sealed record FacetList(IReadOnlyList<FacetCount> Items);

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
        reports.MapGet("/tags", TagsAsync).RequireScope(Scopes.Read).WithName("ListTags").WithSummary("Tags with their counts.")
            .WithMetadata(new QueryParameters(TagLimit));
        reports.MapGet("/reports/daily", DailyAsync).RequireScope(Scopes.Read).WithName("DailyReports").WithSummary("Figures per day.")
            .WithMetadata(new QueryParameters(FromDay, ToDay));
        reports.MapGet("/reports/cost", CostAsync).RequireScope(Scopes.Read).WithName("CostEstimate")
            .WithSummary("What 1,000 images would cost on the Azure backend: an estimate from measured figures and a price table with dates.")
            .WithMetadata(new QueryParameters(FromDay, ToDay));
    }

    [ProblemStatuses(400)]
    private static async Task<Results<Ok<FacetList>, ProblemResult>> TagsAsync(HttpContext context, IImageCatalog catalog)
    {
        var query = new QueryReader(context.Request.Query);
        var limit = query.Get(TagLimit);
        return query.Problem is { } problem ? problem
            : TypedResults.Ok(new FacetList(await catalog.CountAsync(Facet.Tag, limit, context.RequestAborted)));
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
