using ImageAspire.Api.Access;
using ImageAspire.Core.Alarms;
using ImageAspire.Core.Heartbeats;
using ImageAspire.Core.Pipeline;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageAspire.Api.Alarms;

/// <summary>The alarms.</summary>
/// <param name="Items">Those that are open, then those that ended within seven days (at most 50); the last raised first.</param>
/// <param name="Complete">False when the store of alarms does not answer: then they are what this Api sees by itself.</param>
public sealed record AlarmList(IReadOnlyList<AlarmAnswer> Items, bool Complete);

/// <summary>An alarm.</summary>
/// <param name="Id">UUIDv7.</param>
/// <param name="Code">no-worker, dependency-away, oldest-waiting, dead-letters, disk-nearly-full, error-rate or damaged-originals.</param>
/// <param name="Name">The stage or the dependency that it is about; absent when it is about the whole system.</param>
/// <param name="State">open; ending (the cause is away, and the alarm is over if that stays so for half a minute); or ended.</param>
/// <param name="Description">What is wrong, for people.</param>
/// <param name="Since">Since when it is so, as far as is known, UTC.</param>
/// <param name="RaisedAt">When it was raised, UTC.</param>
/// <param name="EndedAt">When it was over, UTC; absent while it is not.</param>
public sealed record AlarmAnswer(Guid Id, string Code, string? Name, string State, string Description, DateTimeOffset Since, DateTimeOffset RaisedAt, DateTimeOffset? EndedAt)
{
    internal static AlarmAnswer Of(Alarm one, AlarmMonitor monitor) => new(one.Id, one.Code, one.Name, !one.IsOpen ? "ended" : monitor.IsLasting(one) ? "open" : "ending", one.Description, one.Since, one.RaisedAt, one.EndedAt);
}

/// <summary>Whether images wait, and why they wait for longer than usual.</summary>
/// <param name="Waiting">Images that wait to be inspected or analyzed; absent when that is not known.</param>
/// <param name="Alarms">Open alarms of what images wait for; none when they are only waiting their turn.</param>
public sealed record DelayAnswer(long? Waiting, IReadOnlyList<AlarmAnswer> Alarms);

/// <summary>Alarms for operators, and for people who wait for their images.</summary>
internal static class AlarmsApi
{
    private static readonly string[] Needed = [.. StageCatalog.Reprocessable.SelectMany(one => one.Needs).Distinct()];

    public static void MapAlarms(this RouteGroupBuilder api)
    {
        api.MapGet("/operations/alarms", List).WithTags("Operations").RequireScope(Scopes.Operate)
            .WithName("ListAlarms").WithSummary("Alarms that are open, and those that ended within seven days.");
        api.MapGet("/delays", Delays).WithTags("Images").RequireScope(Scopes.Read)
            .WithName("GetDelays").WithSummary("How many images wait, and what holds them up.");
    }

    private static Ok<AlarmList> List(HttpContext context, AlarmMonitor monitor)
    {
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new AlarmList(
            [.. monitor.Book.Alarms.OrderByDescending(one => one.IsOpen).ThenByDescending(one => one.RaisedAt).Select(one => AlarmAnswer.Of(one, monitor))], monitor.IsStored));
    }

    private static Ok<DelayAnswer> Delays(HttpContext context, AlarmMonitor monitor)
    {
        context.Response.Headers.CacheControl = "no-store";
        var look = monitor.Look;
        var waiting = look?.Subscriptions?.Where(one => StageCatalog.Reprocessable.Any(stage => stage.Subscription == one.Name)).Sum(one => look.States.Of(one).Waiting);
        return TypedResults.Ok(new DelayAnswer(waiting, [.. monitor.Book.Open.Where(one => HoldsUpImages(one) && monitor.IsLasting(one)).Select(one => AlarmAnswer.Of(one, monitor))]));
    }

    private static bool HoldsUpImages(Alarm one) => one.Code switch
    {
        AlarmCodes.NoWorker => true,
        AlarmCodes.DependencyAway => Needed.Contains(one.Name) && one.Name != DependencyNames.Space,
        AlarmCodes.OldestWaiting => StageCatalog.Reprocessable.Any(stage => stage.Subscription == one.Name),
        _ => false,
    };
}
