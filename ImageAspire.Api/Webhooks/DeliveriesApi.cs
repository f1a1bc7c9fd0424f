using ImageAspire.Api.Access;
using ImageAspire.Api.Http;
using ImageAspire.Api.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Webhooks;

namespace ImageAspire.Api.Webhooks;

/// <summary>The delivery log of a webhook: send a test, list, redeliver.</summary>
internal static partial class DeliveriesApi
{
    private const int MaxPage = 200;
    private const int UsualPage = 50;

    public static void MapDeliveries(this RouteGroupBuilder webhooks)
    {
        webhooks.MapPost("/{id}/test", TestAsync).WithName("TestWebhook").WithSummary("Send an event of the type webhook.test like any other event.")
            .Produces<TestAnswer>(202).WithProblems(404, 409);
        webhooks.MapGet("/{id}/deliveries", ListAsync).WithName("ListDeliveries").WithSummary("Deliveries and their responses, newest first.")
            .WithMetadata(new QueryParameters(QueryParameter.Limit(MaxPage, UsualPage), QueryParameter.Cursor)).Produces<DeliveryList>(200).WithProblems(400, 404);
        webhooks.MapPost("/{id}/deliveries/{deliveryId}/redeliver", RedeliverAsync).WithName("Redeliver")
            .WithSummary("Send a delivery again, with the same webhook-id, whatever its state.").Produces(202).WithProblems(404, 409);
    }

    private static async Task<IResult> TestAsync(string id, HttpContext context, IWebhookStore store, IWebhookDeliveries deliveries, TimeProvider time)
    {
        if (await WebhooksApi.FindAsync(id, store, context.RequestAborted) is not { } webhook)
            return WebhooksApi.NoSuchWebhook();
        if (!webhook.Enabled)
            return Disabled();
        var delivery = WebhookDeliveries.Test(webhook, Caller.Of(context).Name, time.GetUtcNow());
        await deliveries.EnqueueAsync([delivery], context.RequestAborted);
        return TypedResults.Json(new TestAnswer(delivery.Id), ApiJson.Default.TestAnswer, statusCode: 202);
    }

    private static async Task<IResult> ListAsync(string id, HttpContext context, IWebhookStore store, IWebhookDeliveries deliveries)
    {
        var query = context.Request.Query;
        if (!ListParameters.TryLimit(query, MaxPage, UsualPage, out var limit))
            return ListParameters.BadLimit(MaxPage);
        if (await WebhooksApi.FindAsync(id, store, context.RequestAborted) is not { } webhook)
            return WebhooksApi.NoSuchWebhook();
        var page = await deliveries.ListAsync(webhook.Id, limit, ListParameters.Text(query, "cursor"), context.RequestAborted);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(DeliveryList.Of(page), ApiJson.Default.DeliveryList);
    }

    private static async Task<IResult> RedeliverAsync(string id, string deliveryId, HttpContext context, IWebhookStore store, IWebhookDeliveries deliveries)
    {
        if (await WebhooksApi.FindAsync(id, store, context.RequestAborted) is not { } webhook)
            return WebhooksApi.NoSuchWebhook();
        if (!webhook.Enabled)
            return Disabled();
        if (ImagesApi.ParseId(deliveryId) is not { } delivery || !await deliveries.RequeueAsync(webhook.Id, delivery, context.RequestAborted))
            return Problems.NotFound("This webhook has no such delivery. Deliveries are remembered for 30 days.");
        LogRedelivered(WebhooksApi.Log(context), Caller.Of(context).Name, delivery, webhook.Id);
        return TypedResults.StatusCode(202);
    }

    private static ProblemResult Disabled() => Problems.Of(409, ProblemCodes.WebhookDisabled, "The webhook is disabled. Enable it first: PATCH it with { \"enabled\": true }.");

    [LoggerMessage(LogLevel.Information, "{Actor} sends delivery {DeliveryId} to webhook {WebhookId} again.")]
    private static partial void LogRedelivered(ILogger logger, string actor, Guid deliveryId, Guid webhookId);
}
