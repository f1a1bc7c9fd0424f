using ImageAspire.Api.Access;
using ImageAspire.Api.Http;
using ImageAspire.Core.Access;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageAspire.Api.Operations;

/// <summary>List, pause, resume and delete subscriptions.</summary>
internal static partial class OperationsApi
{
    public static void MapOperations(this RouteGroupBuilder api)
    {
        var operations = api.MapGroup("/operations").WithTags("Operations").RequireScope(Scopes.Operate);
        operations.MapGet("/subscriptions", ListAsync).WithName("ListSubscriptions").WithSummary("Message counts by subscription, what each stage does, and what holds it up.");
        operations.MapPost("/subscriptions/{name}/pause", (string name, HttpContext context, ITopicOperations topic, OperatorAudit audit, ILoggerFactory loggers) =>
                SetPausedAsync(name, true, context, topic, audit, loggers))
            .WithName("PauseSubscription").WithSummary("Collect messages and deliver none, until resumed.").WithProblems(404);
        operations.MapPost("/subscriptions/{name}/resume", (string name, HttpContext context, ITopicOperations topic, OperatorAudit audit, ILoggerFactory loggers) =>
                SetPausedAsync(name, false, context, topic, audit, loggers))
            .WithName("ResumeSubscription").WithSummary("Deliver again.").WithProblems(404);
        operations.MapDelete("/subscriptions/{name}", DeleteAsync)
            .WithName("DeleteSubscription").WithSummary("Delete a subscription that no stage receives from, with its messages.").WithProblems(404, 409);
        operations.MapStages();
        operations.MapDeadLetters();
        operations.MapScrub();
        operations.MapServices();
        operations.MapStorage();
        operations.MapBackups();
    }

    private static async Task<Ok<SubscriptionList>> ListAsync(
        HttpContext context, ITopicOperations topic, SubscriptionRates rates, ServiceReader services, TimeProvider time)
    {
        var now = time.GetUtcNow();
        var all = await topic.GetStatusAsync(context.RequestAborted);
        var (overview, complete) = await services.ReadAsync(context.RequestAborted);
        var states = new StageStates(overview, complete);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new SubscriptionList([.. all.OrderBy(one => one.Name, StringComparer.Ordinal).Select(one =>
            SubscriptionAnswer.Of(one, states.Of(one), now, rates.Of(one)))]));
    }

    private static async Task<Results<NoContent, ProblemResult>> SetPausedAsync(string name, bool paused, HttpContext context, ITopicOperations topic, OperatorAudit audit, ILoggerFactory loggers)
    {
        if (!await (paused ? topic.PauseAsync(name, Caller.Of(context).Name, context.RequestAborted) : topic.ResumeAsync(name, context.RequestAborted)))
            return Problems.NotFound("There is no subscription of this name. GET /api/operations/subscriptions names them.");
        LogPaused(loggers.CreateLogger("ImageAspire.Api.Operations"), Caller.Of(context).Name, paused ? "pauses" : "resumes", name);
        await audit.RecordAsync(Caller.Of(context), paused ? AccessEventTypes.Paused : AccessEventTypes.Resumed, name);
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ProblemResult>> DeleteAsync(string name, HttpContext context, ITopology topology, OperatorAudit audit)
    {
        if (StageCatalog.Subscriptions.Any(one => one.Name == name))
            return Problems.Of(409, ProblemCodes.SubscriptionInUse, $"The stage '{name}' receives from this subscription. Pause it to stop deliveries.");
        try
        {
            if (!await topology.DeleteAsync(name, context.RequestAborted))
                return Problems.NotFound("There is no subscription of this name. GET /api/operations/subscriptions names them.");
        }
        catch (NotSupportedException error)
        {
            return Problems.Of(409, ProblemCodes.NotSupported, error.Message);
        }

        await audit.RecordAsync(Caller.Of(context), AccessEventTypes.SubscriptionDeleted, name);
        return TypedResults.NoContent();
    }

    [LoggerMessage(LogLevel.Information, "{Actor} {Pauses} subscription {Subscription}.")]
    private static partial void LogPaused(ILogger logger, string actor, string pauses, string subscription);
}
