using ImageAspire.Api.Access;
using ImageAspire.Api.Http;
using ImageAspire.Api.Images;
using ImageAspire.Core.Access;
using ImageAspire.Core.Paging;
using ImageAspire.Core.Ports;

namespace ImageAspire.Api.Operations;

/// <summary>List, retry and discard dead letters.</summary>
internal static class DeadLettersApi
{
    private const int MaxPage = 200;
    private const int UsualPage = 50;
    private const int MaxText = 200;
    private const int RetriesAtOnce = 16;

    public static void MapDeadLetters(this RouteGroupBuilder operations)
    {
        var letters = operations.MapGroup("/dead-letters");
        letters.MapGet("", ListAsync).WithName("ListDeadLetters").WithSummary("What was given up, and why, newest first.")
            .WithMetadata(Filter(UsualPage)).Produces<DeadLetterPage>(200).WithProblems(400);
        letters.MapPost("/retry", RetryManyAsync).WithName("RetryDeadLetters").WithSummary("Retry all that match the filter, at most 200 in one call.")
            .WithMetadata(Filter(MaxPage)).Produces<RetriedAnswer>(200).WithProblems(400);
        letters.MapPost("/{id}/retry", RetryAsync).WithName("RetryDeadLetter").WithSummary("Try it again; a failed image goes back to its stage.")
            .Produces(202).WithProblems(404);
        letters.MapDelete("/{id}", DiscardAsync).WithName("DiscardDeadLetter").WithSummary("Drop it for good; the reason goes to the audit log.")
            .WithMetadata(new QueryParameters(QueryParameter.Text("reason"))).Produces(204).WithProblems(400, 404);
    }

    private static QueryParameters Filter(int usualLimit) => new(QueryParameter.Text("subscription"), QueryParameter.EventType,
        QueryParameter.Text("reason"), QueryParameter.Limit(MaxPage, usualLimit), QueryParameter.Cursor);

    private static async Task<IResult> ListAsync(HttpContext context, DeadLetterReader reader)
    {
        if (ReadQuery(context.Request.Query, UsualPage, out var filter, out var limit, out var after) is { } problem)
            return problem;
        var (items, next) = await reader.ReadAsync(filter, limit, after, context.RequestAborted);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(new DeadLetterPage([.. items.Select(DeadLetterAnswer.Of)], next?.ToString()), ApiJson.Default.DeadLetterPage);
    }

    private static async Task<IResult> RetryAsync(string id, HttpContext context, DeadLetterReader reader, DeadLetterDesk desk, OperatorAudit audit, PageCache cache)
    {
        if (await FindAsync(id, context, reader) is not { } dead || !await desk.RetryAsync(dead, Caller.Of(context).Name, context.RequestAborted))
            return NoSuchLetter();
        await audit.TellAsync(Caller.Of(context), AccessEventTypes.Retried, Describe(dead), count: 1);
        cache.Clear();
        return TypedResults.StatusCode(202);
    }

    private static async Task<IResult> RetryManyAsync(HttpContext context, DeadLetterReader reader, DeadLetterDesk desk, OperatorAudit audit, PageCache cache)
    {
        if (ReadQuery(context.Request.Query, MaxPage, out var filter, out var limit, out var after) is { } problem)
            return problem;
        var (items, next) = await reader.ReadAsync(filter, limit, after, context.RequestAborted);
        var actor = Caller.Of(context).Name;
        var retried = 0;
        var pace = new ParallelOptions { MaxDegreeOfParallelism = RetriesAtOnce, CancellationToken = context.RequestAborted };
        await Parallel.ForEachAsync(items, pace, async (dead, token) =>
        {
            if (await desk.RetryAsync(dead, actor, token))
                Interlocked.Increment(ref retried);
        });
        if (retried > 0)
            await audit.TellAsync(Caller.Of(context), AccessEventTypes.Retried, Describe(filter), count: retried);
        cache.Clear();
        return TypedResults.Json(new RetriedAnswer(retried, next is not null, next?.ToString()), ApiJson.Default.RetriedAnswer);
    }

    private static async Task<IResult> DiscardAsync(string id, HttpContext context, DeadLetterReader reader, DeadLetterDesk desk, OperatorAudit audit)
    {
        var reason = ListParameters.Text(context.Request.Query, "reason");
        if (reason is { Length: > MaxText } || reason?.Any(char.IsControl) == true)
            return ListParameters.Bad("reason", $"one line of at most {MaxText} characters");
        if (await FindAsync(id, context, reader) is not { } dead || !await desk.DiscardAsync(dead, Caller.Of(context).Name, reason, context.RequestAborted))
            return NoSuchLetter();
        await audit.TellAsync(Caller.Of(context), AccessEventTypes.Discarded, Describe(dead), reason, count: 1);
        return TypedResults.NoContent();
    }

    private static string Describe(DeadLetter dead) => $"{dead.Subscription}/{dead.Sequence}{(dead.Event is { } e ? $", image {e.ImageId}" : "")}";

    private static string Describe(DeadLetterFilter filter) => filter == new DeadLetterFilter(null, null, null) ? "all dead letters" : "dead letters by "
        + string.Join(", ", new[] { ("subscription", filter.Subscription), ("type", filter.Type), ("reason", filter.Reason) }
            .Where(one => one.Item2 is not null).Select(one => $"{one.Item1} {one.Item2}"));

    private static async Task<DeadLetter?> FindAsync(string id, HttpContext context, DeadLetterReader reader) =>
        DeadLetterKey.Parse(id) is { } key ? await reader.FindAsync(key, context.RequestAborted) : null;

    private static ProblemResult NoSuchLetter() => Problems.NotFound("There is no such dead letter. Somebody may have retried or discarded it.");

    private static ProblemResult? ReadQuery(
        IQueryCollection query, int usualLimit, out DeadLetterFilter filter, out int limit, out DeadLetterKey? after)
    {
        filter = new DeadLetterFilter(ListParameters.Text(query, "subscription"), ListParameters.Text(query, "type"), ListParameters.Text(query, "reason"));
        after = null;
        if (!ListParameters.TryLimit(query, MaxPage, usualLimit, out limit))
            return ListParameters.BadLimit(MaxPage);
        if (filter is { Subscription.Length: > MaxText } or { Type.Length: > MaxText } or { Reason.Length: > MaxText })
            return Problems.BadRequest(ProblemCodes.InvalidParameter, $"subscription, type and reason may have {MaxText} characters at most.");
        if (ListParameters.Text(query, "cursor") is { } cursor && (after = DeadLetterKey.Parse(cursor)) is null)
            throw new InvalidCursorException();
        return null;
    }
}
