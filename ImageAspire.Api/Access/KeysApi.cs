using ImageAspire.Api.Http;
using ImageAspire.Api.Images;
using ImageAspire.Core.Access;
using ImageAspire.Core.Ports;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageAspire.Api.Access;

/// <summary>Make, change, rotate and revoke API keys. Nobody gives or takes over a scope that he has not himself.</summary>
internal static class KeysApi
{
    public static void MapKeys(this RouteGroupBuilder api)
    {
        var keys = api.MapGroup("/keys").WithTags("Keys").RequireScope(Scopes.Operate);
        keys.MapGet("", ListAsync).WithName("ListKeys").WithSummary("All API keys, those of the configuration too; on request those revoked in the last 30 days.")
            .WithMetadata(new QueryParameters(QueryParameter.OneOf("revoked", "false", "true", "false"))).Produces<KeyList>(200).WithProblems(400);
        keys.MapPost("", CreateAsync).WithName("CreateKey").WithSummary("Make an API key; the answer is the only one with its secret.")
            .Accepts<KeyChange>("application/json").Produces<KeyAnswer>(201).WithProblems(400, 409, 413, 415);
        keys.MapGet("/{id}", GetAsync).WithName("GetKey").WithSummary("One API key.").Produces<KeyAnswer>(200).WithProblems(404);
        keys.MapPatch("/{id}", PatchAsync).WithName("ChangeKey").WithSummary("Change name, scopes, rate or expiry.")
            .Accepts<KeyChange>("application/merge-patch+json", "application/json").Produces<KeyAnswer>(200).WithProblems(400, 404, 409, 413, 415);
        keys.MapDelete("/{id}", RevokeAsync).WithName("RevokeKey").WithSummary("Revoke an API key: within a second it opens nothing anywhere, for ever.")
            .Produces(204).WithProblems(404, 409);
        keys.MapPost("/{id}/rotate", RotateAsync).WithName("RotateKey").WithSummary("A new secret, shown this once; the old one ends at once or after the time that is asked for.")
            .Accepts<KeyRotation>(isOptional: true, "application/json").Produces<KeyAnswer>(200).WithProblems(400, 404, 409, 413, 415);
    }

    private static async Task<IResult> ListAsync(HttpContext context, KeyDesk desk)
    {
        var revoked = ListParameters.Text(context.Request.Query, "revoked");
        if (revoked is not (null or "true" or "false"))
            return ListParameters.Bad("revoked", "true or false");
        var all = await desk.ListAsync(revoked == "true", context.RequestAborted);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(new KeyList(all), ApiJson.Default.KeyList);
    }

    private static async Task<IResult> GetAsync(string id, HttpContext context, KeyDesk desk) =>
        ImagesApi.ParseId(id) is { } keyId && await desk.AnswerAsync(keyId, context.RequestAborted) is { } key ? Answer(context, key) : NoSuchKey();

    private static async Task<IResult> CreateAsync(HttpContext context, KeyDesk desk, TimeProvider time)
    {
        var (change, problem) = await KeyChange.ReadAsync(context.Request, time.GetUtcNow(), context.RequestAborted);
        if (change is null)
            return problem!;
        if (change.Name is null)
            return Problems.BadRequest(ProblemCodes.InvalidName, "name is missing: who will use the key?");
        if (change.Scopes is null)
            return Problems.BadRequest(ProblemCodes.InvalidScopes, "scopes is missing: what may the key do?");
        var caller = Caller.Of(context);
        if (!caller.HasAll(change.Scopes))
            return BeyondOwn(caller);
        if (desk.IsConfigured(change.Name))
            return NameTaken();
        var secret = ApiKeySecret.Create();
        var key = change.Create(secret, caller.Name, time.GetUtcNow());
        switch (await desk.AddAsync(key, caller.Name, context.RequestAborted))
        {
            case ApiKeyWrite.NameTaken:
                return NameTaken();
            case ApiKeyWrite.TooMany:
                return Problems.Of(409, ProblemCodes.TooManyKeys, $"There are {ApiKey.Most} keys, which is the most. Revoke one that is not needed.");
            default:
                context.Response.Headers.Location = $"/api/keys/{key.Id}";
                return Answer(context, KeyAnswer.Of(key, null, time.GetUtcNow(), secret), 201);
        }
    }

    private static async Task<IResult> PatchAsync(string id, HttpContext context, KeyDesk desk, TimeProvider time)
    {
        var caller = Caller.Of(context);
        if (await ProblemOfAsync(id, context, desk, caller) is { } problem)
            return problem;
        var (change, wrong) = await KeyChange.ReadAsync(context.Request, time.GetUtcNow(), context.RequestAborted);
        if (change is null)
            return wrong!;
        if (change.Scopes is not null && !caller.HasAll(change.Scopes))
            return BeyondOwn(caller);
        if (change.Name is not null && desk.IsConfigured(change.Name))
            return NameTaken();
        return await ChangeAsync(id, context, desk, AccessEventTypes.KeyChanged, before =>
        {
            var (after, changed) = change.Apply(before);
            return changed.Count == 0 ? null : (after, new AccessEventData { Changed = changed, Until = after.ExpiresAt });
        });
    }

    private static async Task<IResult> RotateAsync(string id, HttpContext context, KeyDesk desk, TimeProvider time)
    {
        if (await ProblemOfAsync(id, context, desk, Caller.Of(context)) is { } problem)
            return problem;
        var (overlap, wrong) = await KeyRotation.ReadAsync(context.Request, context.RequestAborted);
        if (wrong is not null)
            return wrong;
        var secret = ApiKeySecret.Create();
        return await ChangeAsync(id, context, desk, AccessEventTypes.KeyRotated, before =>
        {
            var after = before.Rotate(secret, overlap, time.GetUtcNow());
            return (after, new AccessEventData { Until = after.PreviousUntil });
        }, secret);
    }

    private static async Task<IResult> RevokeAsync(string id, HttpContext context, KeyDesk desk, TimeProvider time)
    {
        if (ImagesApi.ParseId(id) is not { } keyId)
            return NoSuchKey();
        if (desk.IsConfigured(keyId))
            return Configured();
        // No look at its scopes: whoever operates may stop a key that leaked.
        var actor = Caller.Of(context).Name;
        var (key, _) = await desk.ChangeAsync(keyId, AccessEventTypes.KeyRevoked, actor, before => before.RevokedAt is not null ? null
            : (before with { RevokedAt = time.GetUtcNow(), RevokedBy = actor }, new AccessEventData()), context.RequestAborted);
        return key is null ? NoSuchKey() : TypedResults.NoContent();
    }

    private static async Task<IResult> ChangeAsync(
        string id, HttpContext context, KeyDesk desk, string type, Func<ApiKey, (ApiKey, AccessEventData)?> decide, string? secret = null)
    {
        var caller = Caller.Of(context);
        ProblemResult? problem = null;
        var (key, result) = await desk.ChangeAsync(ImagesApi.ParseId(id)!.Value, type, caller.Name, before =>
        {
            problem = ProblemOf(before, caller); // once more: it may have been changed since
            return problem is null ? decide(before) : null;
        }, context.RequestAborted);
        if (problem is not null || key is null)
            return problem ?? NoSuchKey();
        if (result == ApiKeyWrite.NameTaken)
            return NameTaken();
        return await desk.AnswerAsync(key.Id, context.RequestAborted) is { } answer ? Answer(context, answer with { Secret = secret }) : NoSuchKey();
    }

    private static async Task<ProblemResult?> ProblemOfAsync(string id, HttpContext context, KeyDesk desk, Caller caller)
    {
        if (ImagesApi.ParseId(id) is not { } keyId)
            return NoSuchKey();
        if (desk.IsConfigured(keyId))
            return Configured();
        return await desk.FindAsync(keyId, context.RequestAborted) is { } key ? ProblemOf(key, caller) : NoSuchKey();
    }

    private static ProblemResult? ProblemOf(ApiKey key, Caller caller) =>
        key.RevokedAt is not null ? Problems.Of(409, ProblemCodes.KeyIsRevoked, "This key was revoked, for ever. Make another one.")
        : caller.HasAll(key.Scopes) ? null : BeyondOwn(caller);

    private static JsonHttpResult<KeyAnswer> Answer(HttpContext context, KeyAnswer key, int status = 200)
    {
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(key, ApiJson.Default.KeyAnswer, statusCode: status);
    }

    private static ProblemResult NoSuchKey() => Problems.NotFound("There is no such key. GET /api/keys lists them.");

    private static ProblemResult NameTaken() => Problems.Of(409, ProblemCodes.NameTaken, "Another key has this name; records and the audit log could not tell them apart.");

    private static ProblemResult Configured() => Problems.Of(409, ProblemCodes.ConfiguredKey, "This key comes from the configuration (Access:Keys) and is changed there.");

    private static ProblemResult BeyondOwn(Caller caller) => Problems.Of(403, ProblemCodes.ScopeBeyondOwn,
        $"The key '{caller.Name}' has only the scopes {string.Join(", ", caller.Scopes)}, and cannot give or change more.");
}
