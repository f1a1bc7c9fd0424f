using ImageAspire.Api.Access;
using ImageAspire.Api.Http;
using ImageAspire.Api.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Stores;
using ImageAspire.Core.Webhooks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageAspire.Api.Webhooks;

/// <summary>Make, change and remove webhooks. Who does what is in the log with the key's name.</summary>
internal static partial class WebhooksApi
{
    public static void MapWebhooks(this RouteGroupBuilder api)
    {
        var webhooks = api.MapGroup("/webhooks").WithTags("Webhooks").RequireScope(Scopes.Operate);
        webhooks.MapGet("", ListAsync).WithName("ListWebhooks").WithSummary("All webhooks, oldest first.").Produces<WebhookList>(200).WithProblems();
        webhooks.MapPost("", CreateAsync).WithName("CreateWebhook").WithSummary("Make a webhook; the answer is the only one with its signing secret.")
            .Accepts<WebhookChange>("application/json").Produces<WebhookAnswer>(201).WithProblems(400, 409, 413, 415);
        webhooks.MapGet("/{id}", GetAsync).WithName("GetWebhook").WithSummary("One webhook.").Produces<WebhookAnswer>(200).WithProblems(404);
        webhooks.MapPatch("/{id}", PatchAsync).WithName("ChangeWebhook").WithSummary("Change url, types or enabled.")
            .Accepts<WebhookChange>("application/merge-patch+json", "application/json").Produces<WebhookAnswer>(200).WithProblems(400, 404, 413, 415);
        webhooks.MapDelete("/{id}", DeleteAsync).WithName("DeleteWebhook").WithSummary("Remove a webhook with its delivery log.").Produces(204).WithProblems(404);
        webhooks.MapPost("/{id}/rotate", RotateAsync).WithName("RotateWebhookSecret")
            .WithSummary("A new signing secret, shown this once; the old one signs too for 24 hours.").Produces<WebhookAnswer>(200).WithProblems(404);
        webhooks.MapDeliveries();
    }

    /// <summary>The webhook of a route; null when there is none.</summary>
    internal static async Task<Webhook?> FindAsync(string id, IWebhookStore store, CancellationToken cancellationToken) =>
        ImagesApi.ParseId(id) is { } webhookId ? await store.GetAsync(webhookId, cancellationToken) : null;

    internal static ProblemResult NoSuchWebhook() => Problems.NotFound("There is no such webhook. GET /api/webhooks lists them.");

    internal static ILogger Log(HttpContext context) =>
        context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("ImageAspire.Api.Webhooks");

    private static async Task<IResult> ListAsync(HttpContext context, IWebhookStore store, TimeProvider time)
    {
        var all = await store.ListAsync(context.RequestAborted);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(new WebhookList([.. all.Select(one => WebhookAnswer.Of(one, time.GetUtcNow()))]), ApiJson.Default.WebhookList);
    }

    private static async Task<IResult> CreateAsync(HttpContext context, IWebhookStore store, TimeProvider time)
    {
        var (change, problem) = await WebhookChange.ReadAsync(context.Request, context.RequestAborted);
        if (change is null)
            return problem!;
        if (change.Url is null)
            return Problems.BadRequest(ProblemCodes.InvalidUrl, "url is missing: where shall events be sent?");
        var webhook = change.Create(Caller.Of(context).Name, time.GetUtcNow());
        if (!await store.AddAsync(webhook, context.RequestAborted))
            return Problems.Of(409, ProblemCodes.TooManyWebhooks, $"There are {Webhook.Most} webhooks, which is the most. Delete one that is not needed.");
        LogDone(Log(context), webhook.CreatedBy, "makes", webhook.Id, new Uri(webhook.Url).Host);
        context.Response.Headers.Location = $"/api/webhooks/{webhook.Id}";
        return Answer(context, webhook, time, 201, withSecret: true);
    }

    private static async Task<IResult> GetAsync(string id, HttpContext context, IWebhookStore store, TimeProvider time) =>
        await FindAsync(id, store, context.RequestAborted) is { } webhook ? Answer(context, webhook, time) : NoSuchWebhook();

    private static async Task<IResult> PatchAsync(string id, HttpContext context, IWebhookStore store, TimeProvider time)
    {
        if (await FindAsync(id, store, context.RequestAborted) is not { } found)
            return NoSuchWebhook();
        var (change, problem) = await WebhookChange.ReadAsync(context.Request, context.RequestAborted);
        if (change is null)
            return problem!;
        if (await store.ChangeAsync(found.Id, change.Apply, context.RequestAborted) is not { } webhook)
            return NoSuchWebhook();
        LogDone(Log(context), Caller.Of(context).Name, "changes", webhook.Id, new Uri(webhook.Url).Host);
        return Answer(context, webhook, time);
    }

    private static async Task<IResult> DeleteAsync(string id, HttpContext context, IWebhookStore store)
    {
        if (ImagesApi.ParseId(id) is not { } webhookId || !await store.DeleteAsync(webhookId, context.RequestAborted))
            return NoSuchWebhook();
        LogDone(Log(context), Caller.Of(context).Name, "deletes", webhookId, "");
        return TypedResults.NoContent();
    }

    private static async Task<IResult> RotateAsync(string id, HttpContext context, IWebhookStore store, TimeProvider time)
    {
        if (ImagesApi.ParseId(id) is not { } webhookId
            || await store.ChangeAsync(webhookId, one => one.Rotate(time.GetUtcNow()), context.RequestAborted) is not { } webhook)
        {
            return NoSuchWebhook();
        }

        LogDone(Log(context), Caller.Of(context).Name, "rotates the secret of", webhookId, new Uri(webhook.Url).Host);
        return Answer(context, webhook, time, withSecret: true);
    }

    private static JsonHttpResult<WebhookAnswer> Answer(HttpContext context, Webhook webhook, TimeProvider time, int status = 200, bool withSecret = false)
    {
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(WebhookAnswer.Of(webhook, time.GetUtcNow(), withSecret), ApiJson.Default.WebhookAnswer, statusCode: status);
    }

    // Of the address only the host: paths of webhooks often hold a token.
    [LoggerMessage(LogLevel.Information, "{Actor} {Does} webhook {WebhookId} {Host}.")]
    private static partial void LogDone(ILogger logger, string actor, string does, Guid webhookId, string host);
}
