using ImageAspire.Api.Access;
using ImageAspire.Api.Http;
using ImageAspire.Api.Images;
using ImageAspire.Core.Access;
using ImageAspire.Core.Events;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageAspire.Api.Operations;

/// <summary>List, retry and discard dead letters.</summary>
internal static class DeadLettersApi
{
    private const int MaxPage = 200;
    private const int UsualPage = 50;
    private const int MaxText = 200;
    private const int RetriesAtOnce = 16;

    private static readonly QueryParameter<string?> Subscription = QueryParameter.Text("subscription", MaxText);
    private static readonly QueryParameter<string?> EventType = QueryParameter.Suggested("type", ImageEventTypes.All, MaxText);
    private static readonly QueryParameter<string?> Reason = QueryParameter.Text("reason", MaxText);
    private static readonly QueryParameter<int> ListLimit = QueryParameter.Limit(MaxPage, UsualPage);
    private static readonly QueryParameter<int> RetryLimit = QueryParameter.Limit(MaxPage, MaxPage);
    private static readonly QueryParameter<string?> DiscardReason = new("reason", Reason.Schema, null, text => text.Length <= MaxText && !text.EnumerateRunes().Any(ImageName.IsDisguise)
        ? text : QueryParameter.Invalid("reason", $"one line of at most {MaxText} characters, without invisible ones"));

    public static void MapDeadLetters(this RouteGroupBuilder operations)
    {
        var group = operations.MapGroup("/dead-letters");
        group.MapGet("", ListAsync).WithName("ListDeadLetters").WithSummary("Dead letters and their reasons, newest first.")
            .WithMetadata(Parameters(ListLimit));
        group.MapPost("/retry", RetryManyAsync).WithName("RetryDeadLetters").WithSummary("Retry all that match the filter, at most 200 in one call.")
            .WithMetadata(Parameters(RetryLimit));
        group.MapPost("/{id}/retry", RetryAsync).WithName("RetryDeadLetter").WithSummary("Try it again; a failed image goes back to its stage.");
        group.MapDelete("/{id}", DiscardAsync).WithName("DiscardDeadLetter").WithSummary("Discard it for good; the reason goes to the audit log.")
            .WithMetadata(new QueryParameters(DiscardReason));
    }

    private static QueryParameters Parameters(QueryParameter limit) => new(Subscription, EventType, Reason, limit, QueryParameter.Cursor);

    [ProblemStatuses(400)]
    private static async Task<Results<Ok<DeadLetterPage>, ProblemResult>> ListAsync(HttpContext context, DeadLetterReader reader)
    {
        if (Read(context.Request.Query, ListLimit, out var filter, out var limit, out var after) is { } problem)
            return problem;
        var (items, next) = await reader.ReadAsync(filter, limit, after, context.RequestAborted);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new DeadLetterPage([.. items.Select(DeadLetterAnswer.Of)], next?.ToCursor(filter)));
    }

    [ProblemStatuses(404)]
    private static async Task<Results<Accepted, ProblemResult>> RetryAsync(string id, HttpContext context, DeadLetterReader reader, DeadLetterService deadLetters, OperatorAudit audit, PageCache cache)
    {
        if (await FindAsync(id, context, reader) is not { } dead || !await deadLetters.RetryAsync(dead, Caller.Of(context).Name, context.RequestAborted))
            return NoSuchDeadLetter();
        await audit.RecordAsync(Caller.Of(context), AccessEventTypes.Retried, Describe(dead), count: 1);
        cache.Clear();
        return TypedResults.Accepted((string?)null);
    }

    [ProblemStatuses(400)]
    private static async Task<Results<Ok<RetriedAnswer>, ProblemResult>> RetryManyAsync(HttpContext context, DeadLetterReader reader, DeadLetterService deadLetters, OperatorAudit audit, PageCache cache)
    {
        if (Read(context.Request.Query, RetryLimit, out var filter, out var limit, out var after) is { } problem)
            return problem;
        var (items, next) = await reader.ReadAsync(filter, limit, after, context.RequestAborted);
        var actor = Caller.Of(context).Name;
        var retried = 0;
        var pace = new ParallelOptions { MaxDegreeOfParallelism = RetriesAtOnce, CancellationToken = context.RequestAborted };
        await Parallel.ForEachAsync(items, pace, async (dead, token) =>
        {
            if (await deadLetters.RetryAsync(dead, actor, token))
                Interlocked.Increment(ref retried);
        });
        if (retried > 0)
            await audit.RecordAsync(Caller.Of(context), AccessEventTypes.Retried, Describe(filter), count: retried);
        cache.Clear();
        return TypedResults.Ok(new RetriedAnswer(retried, next is not null, next?.ToCursor(filter)));
    }

    [ProblemStatuses(400, 404)]
    private static async Task<Results<NoContent, ProblemResult>> DiscardAsync(string id, HttpContext context, DeadLetterReader reader, DeadLetterService deadLetters, OperatorAudit audit)
    {
        var query = new QueryReader(context.Request.Query);
        var reason = query.Get(DiscardReason);
        if (query.Problem is not null)
            return query.Problem;
        if (await FindAsync(id, context, reader) is not { } dead || !await deadLetters.DiscardAsync(dead, Caller.Of(context).Name, reason, context.RequestAborted))
            return NoSuchDeadLetter();
        await audit.RecordAsync(Caller.Of(context), AccessEventTypes.Discarded, Describe(dead), reason, count: 1);
        return TypedResults.NoContent();
    }

    private static string Describe(DeadLetter dead) => $"{dead.Subscription}/{dead.Sequence}{(dead.Event is { } e ? $", image {e.ImageId}" : "")}";

    private static string Describe(DeadLetterFilter filter) => filter == new DeadLetterFilter(null, null, null) ? "all dead letters" : "dead letters by "
        + string.Join(", ", new[] { ("subscription", filter.Subscription), ("type", filter.Type), ("reason", filter.Reason) }
            .Where(one => one.Item2 is not null).Select(one => $"{one.Item1} {one.Item2}"));

    private static async Task<DeadLetter?> FindAsync(string id, HttpContext context, DeadLetterReader reader) =>
        DeadLetterKey.Parse(id) is { } key ? await reader.FindAsync(key, context.RequestAborted) : null;

    private static ProblemResult NoSuchDeadLetter() => Problems.NotFound("There is no such dead letter. It may have been retried or discarded already.");

    private static ProblemResult? Read(
        IQueryCollection parameters, QueryParameter<int> limitParameter, out DeadLetterFilter filter, out int limit, out DeadLetterKey? after)
    {
        var query = new QueryReader(parameters);
        limit = query.Get(limitParameter);
        filter = new DeadLetterFilter(query.Get(Subscription), query.Get(EventType), query.Get(Reason));
        after = query.Get(QueryParameter.Cursor) is { } cursor ? DeadLetterKey.FromCursor(cursor, filter) : null;
        return query.Problem;
    }
}
