using ImageAspire.Api.Access;
using ImageAspire.Api.Http;
using ImageAspire.Api.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Stores;
using ImageAspire.Core.Webhooks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageAspire.Api.Webhooks;

/// <summary>Create, change and remove webhooks; each change is logged with the name of the key.</summary>
internal static partial class WebhooksApi
{
    private const int NewestDeliveries = 10;

    public static void MapWebhooks(this RouteGroupBuilder api)
    {
        var webhooks = api.MapGroup("/webhooks").WithTags("Webhooks").RequireScope(Scopes.Operate);
        webhooks.MapGet("", ListAsync).WithName("ListWebhooks").WithSummary("All webhooks, oldest first.");
        webhooks.MapPost("", CreateAsync).WithName("CreateWebhook").WithSummary("Create a webhook; the only response with its signing secret.")
            .Accepts<WebhookChange>("application/json");
        webhooks.MapGet("/{id}", GetAsync).WithName("GetWebhook").WithSummary("One webhook.");
        webhooks.MapPatch("/{id}", PatchAsync).WithName("ChangeWebhook").WithSummary("Change url, types or enabled.")
            .Accepts<WebhookChange>("application/merge-patch+json", "application/json");
        webhooks.MapDelete("/{id}", DeleteAsync).WithName("DeleteWebhook").WithSummary("Remove a webhook with its delivery log.");
        webhooks.MapPost("/{id}/rotate", RotateAsync).WithName("RotateWebhookSecret")
            .WithSummary("A new signing secret, shown only in this response; the old one also signs for 24 hours.");
        webhooks.MapDeliveries();
    }

    /// <summary>The webhook of a route; null when there is none.</summary>
    internal static async Task<Webhook?> FindAsync(string id, IWebhookStore store, CancellationToken cancellationToken) =>
        ImagesApi.ParseId(id) is { } webhookId ? await store.GetAsync(webhookId, cancellationToken) : null;

    internal static ProblemResult NoSuchWebhook() => Problems.NotFound("There is no such webhook. GET /api/webhooks lists them.");

    internal static ILogger Log(HttpContext context) =>
        context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("ImageAspire.Api.Webhooks");

    private static async Task<Ok<WebhookList>> ListAsync(HttpContext context, IWebhookStore store, IWebhookDeliveries deliveries, TimeProvider time)
    {
        var answers = new List<WebhookAnswer>();
        foreach (var one in await store.ListAsync(context.RequestAborted))
        {
            var newest = await deliveries.ListAsync(one.Id, NewestDeliveries, null, context.RequestAborted);
            answers.Add(WebhookAnswer.Of(one, time.GetUtcNow()) with { Last = WebhookTry.LastOf(newest.Items) });
        }

        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new WebhookList(answers));
    }

    [ProblemStatuses(400, 409, 413, 415)]
    private static async Task<Results<Created<WebhookAnswer>, ProblemResult>> CreateAsync(HttpContext context, IWebhookStore store, WebhookTarget target, TimeProvider time)
    {
        var body = await WebhookChange.Body.ReadAsync(context.Request, context.RequestAborted);
        if (body.Problem is not null)
            return body.Problem;
        var change = body.Value!;
        if (change.Url is null)
            return Problems.BadRequest(ProblemCodes.InvalidUrl, "url is missing: the address that events are sent to.");
        if (await target.ProblemAsync(change.Url, of: null, context.RequestAborted) is { } problem)
            return problem;
        var webhook = change.Create(Caller.Of(context).Name, time.GetUtcNow());
        if (!await store.AddAsync(webhook, context.RequestAborted))
            return Problems.Of(409, ProblemCodes.TooManyWebhooks, $"There are {Webhook.Most} webhooks, which is the most. Delete one that is not needed.");
        LogDone(Log(context), webhook.CreatedBy, "makes", webhook.Id, new Uri(webhook.Url).Host);
        return TypedResults.Created($"/api/webhooks/{webhook.Id}", Answer(context, webhook, time, withSecret: true));
    }

    [ProblemStatuses(404)]
    private static async Task<Results<Ok<WebhookAnswer>, ProblemResult>> GetAsync(string id, HttpContext context, IWebhookStore store, TimeProvider time) =>
        await FindAsync(id, store, context.RequestAborted) is { } webhook ? TypedResults.Ok(Answer(context, webhook, time)) : NoSuchWebhook();

    [ProblemStatuses(400, 404, 409, 413, 415)]
    private static async Task<Results<Ok<WebhookAnswer>, ProblemResult>> PatchAsync(string id, HttpContext context, IWebhookStore store, WebhookTarget target, TimeProvider time)
    {
        if (await FindAsync(id, store, context.RequestAborted) is not { } found)
            return NoSuchWebhook();
        var body = await WebhookChange.Body.ReadAsync(context.Request, context.RequestAborted);
        if (body.Problem is not null)
            return body.Problem;
        if (body.Value!.Url is { } url && await target.ProblemAsync(url, found.Id, context.RequestAborted) is { } problem)
            return problem;
        if (await store.ChangeAsync(found.Id, body.Value.Apply, context.RequestAborted) is not { } webhook)
            return NoSuchWebhook();
        LogDone(Log(context), Caller.Of(context).Name, "changes", webhook.Id, new Uri(webhook.Url).Host);
        return TypedResults.Ok(Answer(context, webhook, time));
    }

    [ProblemStatuses(404)]
    private static async Task<Results<NoContent, ProblemResult>> DeleteAsync(string id, HttpContext context, IWebhookStore store)
    {
        if (ImagesApi.ParseId(id) is not { } webhookId || !await store.DeleteAsync(webhookId, context.RequestAborted))
            return NoSuchWebhook();
        LogDone(Log(context), Caller.Of(context).Name, "deletes", webhookId, "");
        return TypedResults.NoContent();
    }

    [ProblemStatuses(404)]
    private static async Task<Results<Ok<WebhookAnswer>, ProblemResult>> RotateAsync(string id, HttpContext context, IWebhookStore store, TimeProvider time)
    {
        if (ImagesApi.ParseId(id) is not { } webhookId
            || await store.ChangeAsync(webhookId, one => one.Rotate(time.GetUtcNow()), context.RequestAborted) is not { } webhook)
        {
            return NoSuchWebhook();
        }

        LogDone(Log(context), Caller.Of(context).Name, "rotates the secret of", webhookId, new Uri(webhook.Url).Host);
        return TypedResults.Ok(Answer(context, webhook, time, withSecret: true));
    }

    private static WebhookAnswer Answer(HttpContext context, Webhook webhook, TimeProvider time, bool withSecret = false)
    {
        context.Response.Headers.CacheControl = "no-store";
        return WebhookAnswer.Of(webhook, time.GetUtcNow(), withSecret);
    }

    // Only the host of the address: paths of webhooks often hold a token.
    [LoggerMessage(LogLevel.Information, "{Actor} {Does} webhook {WebhookId} {Host}.")]
    private static partial void LogDone(ILogger logger, string actor, string does, Guid webhookId, string host);
}
