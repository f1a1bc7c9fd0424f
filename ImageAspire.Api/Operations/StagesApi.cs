using ImageAspire.Api.Access;
using ImageAspire.Api.Http;
using ImageAspire.Core.Access;
using ImageAspire.Core.Events;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageAspire.Api.Operations;

/// <summary>The stages of the Worker.</summary>
/// <param name="Items">Along the path of an image.</param>
/// <param name="EventTypes">Every event type of the topic.</param>
public sealed record StageList(IReadOnlyList<StageAnswer> Items, IReadOnlyList<string> EventTypes);

/// <summary>One of them.</summary>
/// <param name="Name">Its subscription, for example <c>inspect-image</c>.</param>
/// <param name="Stage">Its name, for example <c>InspectImage</c>.</param>
/// <param name="Summary">What it does, in a few words.</param>
/// <param name="EventTypes">The event types that wake it; absent for every type.</param>
/// <param name="Reprocessable">True: it works on one image and can be run for many.</param>
/// <param name="Run">The last run that was asked for; absent when there never was one.</param>
public sealed record StageAnswer(string Name, string Stage, string Summary, IReadOnlyList<string>? EventTypes, bool Reprocessable, StageRunAnswer? Run)
{
    internal static StageAnswer Of(StageDefinition stage, ReprocessingJob? job) => new(
        stage.Subscription, stage.Name, stage.Summary, stage.EventTypes, stage.Reprocessing is not null, job is null ? null : StageRunAnswer.Of(job));
}

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
    internal static StageRunAnswer Of(ReprocessingJob job) => new(
        job.Scope == ReprocessingScope.All ? "all" : "missing",
        job.State switch { ReprocessingState.Running => "running", ReprocessingState.Done => "done", _ => "cancelled" },
        job.StartedBy, job.StartedAt, job.UpdatedAt, job.Total, job.Examined, job.Sent, job.Waiting);
}

/// <summary>Send many images to a stage, and see how far that is.</summary>
internal static class StagesApi
{
    public static void MapStages(this RouteGroupBuilder operations)
    {
        var stages = operations.MapGroup("/stages");
        stages.MapGet("", ListAsync).WithName("ListStages").WithSummary("The stages, along the path of an image, with the progress of the last run over many images.");
        stages.MapPost("/{name}/run-missing", (string name, HttpContext context, ReprocessingJobs jobs, OperatorAudit audit) =>
                StartAsync(name, ReprocessingScope.Missing, context, jobs, audit))
            .WithName("RunMissing").WithSummary("Send every image without a result of this stage to it, in the background; asking again while it runs changes nothing.")
            .WithProblems(404, 409);
        stages.MapPost("/{name}/run-all", (string name, HttpContext context, ReprocessingJobs jobs, OperatorAudit audit) =>
                StartAsync(name, ReprocessingScope.All, context, jobs, audit))
            .WithName("RunAll").WithSummary("Send every image that is not rejected to this stage, in the background; asking again while it runs changes nothing.")
            .WithProblems(404, 409);
        stages.MapDelete("/{name}/run", CancelAsync).WithName("CancelRun").WithSummary("Stop the run. Images that were sent already are processed.");
    }

    private static async Task<Ok<StageList>> ListAsync(HttpContext context, IReprocessingJobStore store)
    {
        var runs = (await store.ListAsync(context.RequestAborted)).ToDictionary(run => run.Stage);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new StageList(
            [.. StageCatalog.All.Select(stage => StageAnswer.Of(stage, runs.GetValueOrDefault(stage.Subscription)))], ImageEventTypes.All));
    }

    private static async Task<Results<Accepted<StageRunAnswer>, ProblemResult>> StartAsync(string name, ReprocessingScope scope, HttpContext context, ReprocessingJobs jobs, OperatorAudit audit)
    {
        if (!StageCatalog.Reprocessable.Any(stage => stage.Subscription == name))
            return NoSuchStage();
        var job = await jobs.StartAsync(name, scope, Caller.Of(context).Name, context.RequestAborted);
        if (job.Scope != scope)
            return Problems.Of(409, ProblemCodes.StageRunActive, "Another kind of run of this stage is under way. Wait for its end, or stop it first.");
        await audit.RecordAsync(Caller.Of(context), AccessEventTypes.ReprocessingStarted, $"{name} ({(scope == ReprocessingScope.All ? "all" : "missing")})");
        return TypedResults.Accepted((string?)null, StageRunAnswer.Of(job));
    }

    [ProblemStatuses(404)]
    private static async Task<Results<NoContent, ProblemResult>> CancelAsync(string name, HttpContext context, ReprocessingJobs jobs, OperatorAudit audit)
    {
        if (!StageCatalog.Reprocessable.Any(stage => stage.Subscription == name))
            return NoSuchStage();
        if (!await jobs.CancelAsync(name, Caller.Of(context).Name, context.RequestAborted))
            return Problems.NotFound("No run of this stage is under way.");
        await audit.RecordAsync(Caller.Of(context), AccessEventTypes.ReprocessingCancelled, name);
        return TypedResults.NoContent();
    }

    private static ProblemResult NoSuchStage() => Problems.NotFound("There is no such stage that can be run again. GET /api/operations/stages names them: reprocessable.");
}
