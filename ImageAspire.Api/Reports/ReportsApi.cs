using System.Globalization;
using ImageAspire.Api.Access;
using ImageAspire.Api.Http;
using ImageAspire.Api.Images;
using ImageAspire.Core.Access;
using ImageAspire.Core.Events;
using ImageAspire.Core.Ports;

namespace ImageAspire.Api.Reports;

/// <summary>Values of a facet with their counts.</summary>
/// <param name="Items">Most first.</param>
public sealed record FacetList(IReadOnlyList<FacetCount> Items);

/// <summary>Figures per day.</summary>
/// <param name="Items">Oldest first.</param>
public sealed record DailyList(IReadOnlyList<DailyReport> Items);

/// <summary>Tags, reports and the audit log.</summary>
internal static class ReportsApi
{
    private const int MaxTags = 1000;
    private const int UsualTags = 100;
    private const int MaxDays = 366;
    private const int MaxAudit = 200;
    private const int UsualAudit = 50;

    public static void MapReports(this RouteGroupBuilder api)
    {
        var reports = api.MapGroup("").WithTags("Reports");
        reports.MapGet("/tags", TagsAsync).RequireScope(Scopes.Read).WithName("ListTags").WithSummary("Tags with their counts.")
            .WithMetadata(new QueryParameters(QueryParameter.Limit(MaxTags, UsualTags))).Produces<FacetList>(200).WithProblems(400);
        reports.MapGet("/reports/daily", DailyAsync).RequireScope(Scopes.Read).WithName("DailyReports").WithSummary("Figures per day.")
            .WithMetadata(new QueryParameters(QueryParameter.Day("from"), QueryParameter.Day("to"))).Produces<DailyList>(200).WithProblems(400);
        reports.MapGet("/reports/cost", CostAsync).RequireScope(Scopes.Read).WithName("CostEstimate")
            .WithSummary("What 1,000 images would cost in the Azure edition: an estimate from what was measured and a price table with dates.")
            .WithMetadata(new QueryParameters(QueryParameter.Day("from"), QueryParameter.Day("to"))).Produces<CostEstimate>(200).WithProblems(400);
        reports.MapGet("/audit", AuditAsync).RequireScope(Scopes.Operate).WithName("ListAudit").WithSummary("Who did what to which image or API key, and refused calls, newest first.")
            .WithMetadata(new QueryParameters(QueryParameter.Limit(MaxAudit, UsualAudit), QueryParameter.Cursor,
                QueryParameter.Id("image"), QueryParameter.Id("key"), QueryParameter.OneOf("type", null, [.. ImageEventTypes.All, .. AccessEventTypes.All]), QueryParameter.Text("actor"), QueryParameter.Time("from"), QueryParameter.Time("to"))).Produces<AuditPage>(200).WithProblems(400);
    }

    private static async Task<IResult> TagsAsync(HttpContext context, IImageCatalog catalog) =>
        ListParameters.TryLimit(context.Request.Query, MaxTags, UsualTags, out var limit)
            ? TypedResults.Json(new FacetList(await catalog.CountAsync(Facet.Tag, limit, context.RequestAborted)), ApiJson.Default.FacetList)
            : ListParameters.BadLimit(MaxTags);

    private static async Task<IResult> DailyAsync(HttpContext context, IReportStore reports, TimeProvider time) =>
        ReadDays(context.Request.Query, time, out var from, out var to)
            ?? (IResult)TypedResults.Json(new DailyList(await reports.DailyAsync(from, to, context.RequestAborted)), ApiJson.Default.DailyList);

    private static async Task<IResult> CostAsync(HttpContext context, IReportStore reports, PricesOptions prices, TimeProvider time) =>
        ReadDays(context.Request.Query, time, out var from, out var to)
            ?? (IResult)TypedResults.Json(CostCalculation.Of(await reports.DailyAsync(from, to, context.RequestAborted), from, to, prices), ApiJson.Default.CostEstimate);

    // The last thirty days by default.
    private static ProblemResult? ReadDays(IQueryCollection query, TimeProvider time, out DateOnly from, out DateOnly to)
    {
        from = default;
        if (!TryDay(query, "to", DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime), out to))
            return ListParameters.Bad("to", "a day, for example 2026-03-01");
        if (!TryDay(query, "from", to.DayNumber < 30 ? DateOnly.MinValue : to.AddDays(-29), out from))
            return ListParameters.Bad("from", "a day, for example 2026-03-01");
        return from > to || to.DayNumber - from.DayNumber > MaxDays
            ? Problems.BadRequest(ProblemCodes.InvalidParameter, $"from must not be after to, and at most {MaxDays} days before it.") : null;
    }

    private static async Task<IResult> AuditAsync(HttpContext context, IAuditLog audit)
    {
        var query = context.Request.Query;
        if (!ListParameters.TryLimit(query, MaxAudit, UsualAudit, out var limit))
            return ListParameters.BadLimit(MaxAudit);
        Guid? image = null;
        if (ListParameters.Text(query, "image") is { } text && (image = ImagesApi.ParseId(text)) is null)
            return ListParameters.Bad("image", "the id of an image");
        Guid? key = null;
        if (ListParameters.Text(query, "key") is { } keyText && (key = ImagesApi.ParseId(keyText)) is null)
            return ListParameters.Bad("key", "the id of an API key");
        if (image is not null && key is not null)
            return Problems.BadRequest(ProblemCodes.InvalidParameter, "image and key cannot be combined: an entry is about one of them.");
        if (!ListParameters.TryTime(query, "from", out var from))
            return ListParameters.Bad("from", "a time as in RFC 3339, for example 2026-03-01T12:00:00Z");
        if (!ListParameters.TryTime(query, "to", out var to))
            return ListParameters.Bad("to", "a time as in RFC 3339, for example 2026-03-01T12:00:00Z");
        return TypedResults.Json(await audit.QueryAsync(new AuditQuery
        {
            Limit = limit, Cursor = ListParameters.Text(query, "cursor"), ImageId = image, KeyId = key,
            Type = ListParameters.Text(query, "type"), Actor = ListParameters.Text(query, "actor"), From = from, To = to,
        }, context.RequestAborted), ApiJson.Default.AuditPage);
    }

    private static bool TryDay(IQueryCollection query, string name, DateOnly usual, out DateOnly day)
    {
        day = usual;
        return ListParameters.Text(query, name) is not { } text
            || DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);
    }
}
