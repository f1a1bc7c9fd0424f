using ImageAspire.Api.Access;
using ImageAspire.Api.Http;
using ImageAspire.Api.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Webhooks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageAspire.Api.Webhooks;

/// <summary>The delivery log of a webhook: send a test, list, redeliver.</summary>
internal static partial class DeliveriesApi
{
    private const int MaxPage = 200;
    private const int UsualPage = 50;
    private static readonly QueryParameter<int> Limit = QueryParameter.Limit(MaxPage, UsualPage);

    public static void MapDeliveries(this RouteGroupBuilder webhooks)
    {
        webhooks.MapPost("/{id}/test", TestAsync).WithName("TestWebhook").WithSummary("Send an event of the type webhook.test like any other event.");
        webhooks.MapGet("/{id}/deliveries", ListAsync).WithName("ListDeliveries").WithSummary("Deliveries and their responses, newest first.")
            .WithMetadata(new QueryParameters(Limit, QueryParameter.Cursor));
        webhooks.MapPost("/{id}/deliveries/{deliveryId}/redeliver", RedeliverAsync).WithName("Redeliver")
            .WithSummary("Send a delivery again, with the same webhook-id, whatever its state.");
    }

    [ProblemStatuses(404, 409)]
    private static async Task<Results<Accepted<TestAnswer>, ProblemResult>> TestAsync(string id, HttpContext context, IWebhookStore store, IWebhookDeliveries deliveries, TimeProvider time)
    {
        if (await WebhooksApi.FindAsync(id, store, context.RequestAborted) is not { } webhook)
            return WebhooksApi.NoSuchWebhook();
        if (!webhook.Enabled)
            return Disabled();
        var delivery = WebhookDeliveries.Test(webhook, Caller.Of(context).Name, time.GetUtcNow());
        await deliveries.EnqueueAsync([delivery], context.RequestAborted);
        return TypedResults.Accepted((string?)null, new TestAnswer(delivery.Id));
    }

    [ProblemStatuses(400, 404)]
    private static async Task<Results<Ok<DeliveryList>, ProblemResult>> ListAsync(string id, HttpContext context, IWebhookStore store, IWebhookDeliveries deliveries)
    {
        var query = new QueryReader(context.Request.Query);
        var (limit, cursor) = (query.Get(Limit), query.Get(QueryParameter.Cursor));
        if (query.Problem is not null)
            return query.Problem;
        if (await WebhooksApi.FindAsync(id, store, context.RequestAborted) is not { } webhook)
            return WebhooksApi.NoSuchWebhook();
        var page = await deliveries.ListAsync(webhook.Id, limit, cursor, context.RequestAborted);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(DeliveryList.Of(page));
    }

    [ProblemStatuses(404, 409)]
    private static async Task<Results<Accepted, ProblemResult>> RedeliverAsync(string id, string deliveryId, HttpContext context, IWebhookStore store, IWebhookDeliveries deliveries)
    {
        if (await WebhooksApi.FindAsync(id, store, context.RequestAborted) is not { } webhook)
            return WebhooksApi.NoSuchWebhook();
        if (!webhook.Enabled)
            return Disabled();
        if (ImagesApi.ParseId(deliveryId) is not { } delivery || !await deliveries.RequeueAsync(webhook.Id, delivery, context.RequestAborted))
            return Problems.NotFound("This webhook has no such delivery. Deliveries are remembered for 30 days.");
        LogRedelivered(WebhooksApi.Log(context), Caller.Of(context).Name, delivery, webhook.Id);
        return TypedResults.Accepted((string?)null);
    }

    private static ProblemResult Disabled() => Problems.Of(409, ProblemCodes.WebhookDisabled, "The webhook is disabled. Enable it first: PATCH it with { \"enabled\": true }.");

    [LoggerMessage(LogLevel.Information, "{Actor} sends delivery {DeliveryId} to webhook {WebhookId} again.")]
    private static partial void LogRedelivered(ILogger logger, string actor, Guid deliveryId, Guid webhookId);
}
