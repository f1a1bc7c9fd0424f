using ImageAspire.Api.Access;
using ImageAspire.Api.Http;
using ImageAspire.Core.Access;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageAspire.Api.Operations;

/// <summary>The stages that work on one image each.</summary>
/// <param name="Items">Along the path of an image.</param>
public sealed record StageList(IReadOnlyList<StageAnswer> Items);

/// <summary>One of them.</summary>
/// <param name="Name">Its subscription, for example <c>inspect-image</c>.</param>
/// <param name="Stage">Its name, for example <c>InspectImage</c>.</param>
/// <param name="Run">The last run that was asked for; absent when there never was one.</param>
public sealed record StageAnswer(string Name, string Stage, StageRunAnswer? Run);

/// <summary>A run over many images.</summary>
/// <param name="Kind">missing or all.</param>
/// <param name="State">running, done or cancelled.</param>
/// <param name="StartedBy">Name of the key that asked for it.</param>
/// <param name="StartedAt">When, UTC.</param>
/// <param name="UpdatedAt">When it last came forward, or when it ended, UTC.</param>
/// <param name="Total">Images that there were to look at when it began; 0 until they are counted.</param>
/// <param name="Examined">Images looked at so far.</param>
/// <param name="Sent">Images sent to the stage so far.</param>
/// <param name="Waiting">True while it waits until the stage has caught up.</param>
public sealed record StageRunAnswer(
    string Kind, string State, string StartedBy, DateTimeOffset StartedAt, DateTimeOffset UpdatedAt, long Total, long Examined, long Sent, bool Waiting)
{
    internal static StageRunAnswer Of(StageRun run) => new(
        run.Kind == StageRunKind.All ? "all" : "missing",
        run.State switch { StageRunState.Running => "running", StageRunState.Done => "done", _ => "cancelled" },
        run.StartedBy, run.StartedAt, run.UpdatedAt, run.Total, run.Examined, run.Sent, run.Waiting);
}

/// <summary>Send many images to a stage, and see how far that is.</summary>
internal static class StagesApi
{
    public static void MapStages(this RouteGroupBuilder operations)
    {
        var stages = operations.MapGroup("/stages");
        stages.MapGet("", ListAsync).WithName("ListStages").WithSummary("The stages that work on one image each, with the progress of the last run over many.");
        stages.MapPost("/{name}/run-missing", (string name, HttpContext context, ReprocessingService reprocessing, OperatorAudit audit) =>
                StartAsync(name, StageRunKind.Missing, context, reprocessing, audit))
            .WithName("RunMissing").WithSummary("Send every image without a result of this stage to it, in the background; asking again while it runs changes nothing.")
            .WithProblems(404, 409);
        stages.MapPost("/{name}/run-all", (string name, HttpContext context, ReprocessingService reprocessing, OperatorAudit audit) =>
                StartAsync(name, StageRunKind.All, context, reprocessing, audit))
            .WithName("RunAll").WithSummary("Send every image that is not rejected to this stage, in the background; asking again while it runs changes nothing.")
            .WithProblems(404, 409);
        stages.MapDelete("/{name}/run", CancelAsync).WithName("CancelRun").WithSummary("Stop the run. Images that were sent already are processed.");
    }

    private static async Task<Ok<StageList>> ListAsync(HttpContext context, IStageRunStore store)
    {
        var runs = (await store.ListAsync(context.RequestAborted)).ToDictionary(run => run.Stage);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new StageList([.. StageRuns.Stages.Select(one =>
            new StageAnswer(one.Key, one.Value, runs.TryGetValue(one.Key, out var run) ? StageRunAnswer.Of(run) : null))]));
    }

    private static async Task<Results<Accepted<StageRunAnswer>, ProblemResult>> StartAsync(string name, StageRunKind kind, HttpContext context, ReprocessingService reprocessing, OperatorAudit audit)
    {
        if (!StageRuns.Stages.ContainsKey(name))
            return NoSuchStage();
        var run = await reprocessing.StartAsync(name, kind, Caller.Of(context).Name, context.RequestAborted);
        if (run.Kind != kind)
            return Problems.Of(409, ProblemCodes.StageRunActive, "Another kind of run of this stage is under way. Wait for its end, or stop it first.");
        await audit.RecordAsync(Caller.Of(context), AccessEventTypes.RunAsked, $"{name} ({(kind == StageRunKind.All ? "all" : "missing")})");
        return TypedResults.Accepted((string?)null, StageRunAnswer.Of(run));
    }

    [ProblemStatuses(404)]
    private static async Task<Results<NoContent, ProblemResult>> CancelAsync(string name, HttpContext context, ReprocessingService reprocessing, OperatorAudit audit)
    {
        if (!StageRuns.Stages.ContainsKey(name))
            return NoSuchStage();
        if (!await reprocessing.CancelAsync(name, Caller.Of(context).Name, context.RequestAborted))
            return Problems.NotFound("No run of this stage is under way.");
        await audit.RecordAsync(Caller.Of(context), AccessEventTypes.RunStopped, name);
        return TypedResults.NoContent();
    }

    private static ProblemResult NoSuchStage() => Problems.NotFound("There is no such stage. GET /api/operations/stages names them.");
}
