using ImageAspire.Api.Http;
using ImageAspire.Api.Images;
using ImageAspire.Core.Access;
using ImageAspire.Core.Errors;
using ImageAspire.Core.Ports;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageAspire.Api.Access;

/// <summary>Create, change, rotate and revoke API keys. A caller can neither grant a scope that it lacks nor change a key that has one.</summary>
internal static partial class KeysApi
{
    private static readonly QueryParameter<bool> Revoked = QueryParameter.OneOf("revoked", false, "false", ("true", true), ("false", false));

    public static void MapKeys(this RouteGroupBuilder api)
    {
        var keys = api.MapGroup("/keys").WithTags("Keys").RequireScope(Scopes.Operate);
        keys.MapGet("", ListAsync).WithName("ListKeys").WithSummary("All API keys, configured ones too; with revoked=true also those revoked in the last 30 days.")
            .WithMetadata(new QueryParameters(Revoked));
        keys.MapPost("", CreateAsync).WithName("CreateKey").WithSummary("Create an API key; the only response with its secret.")
            .Accepts<KeyChange>("application/json");
        keys.MapGet("/{id}", GetAsync).WithName("GetKey").WithSummary("One API key.");
        keys.MapPatch("/{id}", PatchAsync).WithName("ChangeKey").WithSummary("Change name, scopes, rate, quota or expiry.")
            .Accepts<KeyChange>("application/merge-patch+json", "application/json");
        keys.MapDelete("/{id}", RevokeAsync).WithName("RevokeKey").WithSummary("Revoke an API key: within a second it is refused everywhere, for good.");
        keys.MapPost("/{id}/rotate", RotateAsync).WithName("RotateKey").WithSummary("A new secret, shown only in this response; the old one ends at once or after overlapSeconds.")
            .Accepts<KeyRotation>(isOptional: true, "application/json");
    }

    [ProblemStatuses(400)]
    private static async Task<Results<Ok<KeyList>, ProblemResult>> ListAsync(HttpContext context, ApiKeyService service, IStorageUse use)
    {
        var query = new QueryReader(context.Request.Query);
        var withRevoked = query.Get(Revoked);
        if (query.Problem is not null)
            return query.Problem;
        var all = await service.ListAsync(withRevoked, context.RequestAborted);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new KeyList(await use.AddToAsync(all, context.RequestAborted)));
    }

    [ProblemStatuses(404)]
    private static async Task<Results<Ok<KeyAnswer>, ProblemResult>> GetAsync(string id, HttpContext context, ApiKeyService service, IStorageUse use) =>
        ImagesApi.ParseId(id) is { } keyId && await service.AnswerAsync(keyId, context.RequestAborted) is { } key
            ? TypedResults.Ok(NotCached(context, (await use.AddToAsync([key], context.RequestAborted))[0])) : NoSuchKey();

    [ProblemStatuses(400, 409, 413, 415)]
    private static async Task<Results<Created<KeyAnswer>, ProblemResult>> CreateAsync(HttpContext context, ApiKeyService service, TimeProvider time)
    {
        var body = await KeyChange.Body(time.GetUtcNow()).ReadAsync(context.Request, context.RequestAborted);
        if (body.Problem is not null)
            return body.Problem;
        var change = body.Value!;
        if (change.Name is null)
            return Problems.BadRequest(ProblemCodes.InvalidName, "name is missing: it identifies who uses the key.");
        if (change.Scopes is null)
            return Problems.BadRequest(ProblemCodes.InvalidScopes, "scopes is missing: it says what the key may do.");
        var caller = Caller.Of(context);
        if (!caller.HasAll(change.Scopes))
            return BeyondOwn(caller);
        if (service.IsConfigured(change.Name))
            return NameTaken();
        var secret = ApiKeySecret.Create();
        var key = change.Create(secret, caller.Name, time.GetUtcNow());
        switch (await service.AddAsync(key, caller.Name, context.RequestAborted))
        {
            case ApiKeyWrite.NameTaken:
                return NameTaken();
            case ApiKeyWrite.TooMany:
                return Problems.Of(409, ProblemCodes.TooManyKeys, $"There are {ApiKey.Most} keys, which is the most. Revoke one that is not needed.");
            default:
                return TypedResults.Created($"/api/keys/{key.Id}", NotCached(context, KeyAnswer.Of(key, service.QuotaOf(key), null, time.GetUtcNow(), secret)));
        }
    }

    [ProblemStatuses(400, 404, 409, 413, 415)]
    private static async Task<Results<Ok<KeyAnswer>, ProblemResult>> PatchAsync(string id, HttpContext context, ApiKeyService service, TimeProvider time)
    {
        var caller = Caller.Of(context);
        if (await ProblemOfAsync(id, context, service, caller) is { } problem)
            return problem;
        var body = await KeyChange.Body(time.GetUtcNow()).ReadAsync(context.Request, context.RequestAborted);
        if (body.Problem is not null)
            return body.Problem;
        var change = body.Value!;
        if (change.Scopes is not null && !caller.HasAll(change.Scopes))
            return BeyondOwn(caller);
        if (change.Name is not null && service.IsConfigured(change.Name))
            return NameTaken();
        return await ChangeAsync(id, context, service, AccessEventTypes.KeyChanged, before =>
        {
            var (after, changed) = change.Apply(before);
            return changed.Count == 0 ? null : (after, new AccessEventData { Changed = changed, Until = after.ExpiresAt });
        });
    }

    [ProblemStatuses(400, 404, 409, 413, 415)]
    private static async Task<Results<Ok<KeyAnswer>, ProblemResult>> RotateAsync(string id, HttpContext context, ApiKeyService service, TimeProvider time)
    {
        if (await ProblemOfAsync(id, context, service, Caller.Of(context)) is { } problem)
            return problem;
        var rotation = await KeyRotation.Body.ReadAsync(context.Request, context.RequestAborted);
        if (rotation.Problem is not null)
            return rotation.Problem;
        var secret = ApiKeySecret.Create();
        return await ChangeAsync(id, context, service, AccessEventTypes.KeyRotated, before =>
        {
            var after = before.Rotate(secret, rotation.Value!.Overlap, time.GetUtcNow());
            return (after, new AccessEventData { Until = after.PreviousUntil });
        }, secret);
    }

    [ProblemStatuses(404, 409, 503, 507)]
    private static async Task<Results<NoContent, ProblemResult>> RevokeAsync(string id, HttpContext context, ApiKeyService service, ILogger<ApiKeyService> logger)
    {
        if (ImagesApi.ParseId(id) is not { } keyId)
            return NoSuchKey();
        if (service.IsConfigured(keyId))
            return Configured();
        try
        {
            // Regardless of its scopes: every operator may revoke a leaked key.
            return await service.RevokeAsync(keyId, Caller.Of(context).Name, context.RequestAborted) is null ? NoSuchKey() : TypedResults.NoContent();
        }
        catch (StoreUnavailableException error) when (service.IsRevokedHere(keyId))
        {
            LogNotStored(logger, keyId, error.Message);
            return NotStored(error.Problem);
        }
    }

    private static async Task<Results<Ok<KeyAnswer>, ProblemResult>> ChangeAsync(
        string id, HttpContext context, ApiKeyService service, string type, Func<ApiKey, (ApiKey, AccessEventData)?> decide, string? secret = null)
    {
        var caller = Caller.Of(context);
        ProblemResult? problem = null;
        var (key, result) = await service.ChangeAsync(ImagesApi.ParseId(id)!.Value, type, caller.Name, before =>
        {
            problem = ProblemOf(before, caller); // again inside the update: the key may have changed since
            return problem is null ? decide(before) : null;
        }, context.RequestAborted);
        if (problem is not null || key is null)
            return problem ?? NoSuchKey();
        if (result == ApiKeyWrite.NameTaken)
            return NameTaken();
        return await service.AnswerAsync(key.Id, context.RequestAborted) is { } answer ? TypedResults.Ok(NotCached(context, answer with { Secret = secret })) : NoSuchKey();
    }

    private static async Task<ProblemResult?> ProblemOfAsync(string id, HttpContext context, ApiKeyService service, Caller caller)
    {
        if (ImagesApi.ParseId(id) is not { } keyId)
            return NoSuchKey();
        if (service.IsConfigured(keyId))
            return Configured();
        return await service.FindAsync(keyId, context.RequestAborted) is { } key ? ProblemOf(key, caller) : NoSuchKey();
    }

    private static ProblemResult? ProblemOf(ApiKey key, Caller caller) =>
        key.RevokedAt is not null ? Problems.Of(409, ProblemCodes.KeyIsRevoked, "This key was revoked for good. Create another one.")
        : caller.HasAll(key.Scopes) ? null : BeyondOwn(caller);

    private static KeyAnswer NotCached(HttpContext context, KeyAnswer key)
    {
        context.Response.Headers.CacheControl = "no-store";
        return key;
    }

    private static ProblemResult NoSuchKey() => Problems.NotFound("There is no such key. GET /api/keys lists them.");

    private static ProblemResult NameTaken() => Problems.Of(409, ProblemCodes.NameTaken, "Another key has this name; records and the audit log could not distinguish them.");

    private static ProblemResult Configured() => Problems.Of(409, ProblemCodes.ConfiguredKey, "This key comes from the configuration (Access:Keys) and is changed there.");

    private static ProblemResult NotStored(StoreProblem problem)
    {
        var (status, code) = problem == StoreProblem.Full ? (507, ProblemCodes.StorageFull) : (503, ProblemCodes.StorageUnavailable);
        return Problems.Of(status, code, "This instance refuses the key from now on, but the revocation could not be stored. Send the request again until it succeeds: "
            + "other instances accept the key, and so does this one after a restart.", retryAfterSeconds: 10);
    }

    [LoggerMessage(LogLevel.Error, "Key {KeyId} is refused by this instance only; its revocation could not be stored: {Reason}")]
    private static partial void LogNotStored(ILogger logger, Guid keyId, string reason);

    private static ProblemResult BeyondOwn(Caller caller) => Problems.Of(403, ProblemCodes.ScopeBeyondOwn,
        $"The key '{caller.Name}' has only the scopes {string.Join(", ", caller.Scopes)}, and cannot give or change more.");
}
