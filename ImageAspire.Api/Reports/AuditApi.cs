using ImageAspire.Api.Access;
using ImageAspire.Api.Http;
using ImageAspire.Core.Access;
using ImageAspire.Core.Events;
using ImageAspire.Core.Ports;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageAspire.Api.Reports;

/// <summary>The audit log and its hash chain.</summary>
internal static class AuditApi
{
    private const int MaxEntries = 200;
    private const int UsualEntries = 50;

    private static readonly QueryParameter<int> Limit = QueryParameter.Limit(MaxEntries, UsualEntries);
    private static readonly QueryParameter<Guid?> Image = QueryParameter.Id("image", "an image");
    private static readonly QueryParameter<Guid?> Key = QueryParameter.Id("key", "an API key");
    private static readonly QueryParameter<string?> EventType = QueryParameter.Suggested("type", [.. ImageEventTypes.All, .. AccessEventTypes.All]);
    private static readonly QueryParameter<string?> Actor = QueryParameter.Text("actor");
    private static readonly QueryParameter<DateTimeOffset?> From = QueryParameter.Time("from");
    private static readonly QueryParameter<DateTimeOffset?> To = QueryParameter.Time("to");
    private static readonly QueryParameter<AuditHead?> Head = new("head", QueryParameter.Text("head").Schema, null, text => AuditHead.TryParse(text, out var head)
        ? head : InvalidHead());

    public static void MapAudit(this RouteGroupBuilder api)
    {
        var audit = api.MapGroup("/audit").WithTags("Reports").RequireScope(Scopes.Operate);
        audit.MapGet("", ListAsync).WithName("ListAudit").WithSummary("Who did what to which image or API key, and refused calls, newest first.")
            .WithMetadata(new QueryParameters(Limit, QueryParameter.Cursor, Image, Key, EventType, Actor, From, To));
        audit.MapGet("/head", HeadAsync).WithName("GetAuditHead").WithSummary("The end of the audit log's hash chain, to be noted elsewhere.");
        audit.MapPost("/verify", VerifyAsync).WithName("VerifyAudit")
            .WithSummary("Read the whole audit log and check its hash chain, and that it contains an earlier head (number:hash). One verification at a time.")
            .WithMetadata(new QueryParameters(Head));
    }

    [ProblemStatuses(400)]
    private static async Task<Results<Ok<AuditPage>, ProblemResult>> ListAsync(HttpContext context, IAuditLog audit)
    {
        var query = new QueryReader(context.Request.Query);
        var wanted = new AuditQuery
        {
            Limit = query.Get(Limit), Cursor = query.Get(QueryParameter.Cursor), ImageId = query.Get(Image), KeyId = query.Get(Key),
            Type = query.Get(EventType), Actor = query.Get(Actor), From = query.Get(From), To = query.Get(To),
        };
        if (query.Problem is not null)
            return query.Problem;
        if (wanted is { ImageId: not null, KeyId: not null })
            return Problems.BadRequest(ProblemCodes.InvalidParameter, "image and key cannot be combined: an entry is about one of them.");
        return TypedResults.Ok(await audit.QueryAsync(wanted, context.RequestAborted));
    }

    private static ProblemResult InvalidHead() =>
        QueryParameter.Invalid("head", "the number of an entry, a colon and its hash in 64 hexadecimal digits, as an earlier head was");

    private static async Task<Ok<AuditHead>> HeadAsync(HttpContext context, IAuditLog audit)
    {
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(await audit.GetHeadAsync(context.RequestAborted));
    }

    [ProblemStatuses(400, 409)]
    private static async Task<Results<Ok<AuditVerification>, ProblemResult>> VerifyAsync(HttpContext context, AuditVerifier verifier)
    {
        var query = new QueryReader(context.Request.Query);
        var head = query.Get(Head);
        if (query.Problem is not null)
            return query.Problem;
        // An empty one is a script's mistake, and must not look like a comparison.
        if (head is null && context.Request.Query.ContainsKey(Head.Name))
            return InvalidHead();
        return await verifier.TryVerifyAsync(head, context.RequestAborted) is { } found
            ? TypedResults.Ok(found)
            : Problems.Of(409, ProblemCodes.VerificationRunning, "A verification of the audit log is running. Try again when it is done.");
    }
}
