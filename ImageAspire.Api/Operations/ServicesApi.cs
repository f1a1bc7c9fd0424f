using ImageAspire.Core.Heartbeats;
using ImageAspire.Core.Stores;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageAspire.Api.Operations;

/// <summary>Who is there.</summary>
/// <param name="Items">The processes of Api and Worker: those that run, those that ended within the last 15 minutes, and the last one of each service.</param>
/// <param name="Dependencies">What they need, as the running ones see it. Without a vision service there is no <c>vision</c>.</param>
/// <param name="Calls">Who called whom over the last five minutes: the running processes together.</param>
/// <param name="Complete">False when the store of heartbeats does not answer: then this Api is the only item.</param>
public sealed record ServiceList(IReadOnlyList<ServiceAnswer> Items, IReadOnlyList<DependencyAnswer> Dependencies, IReadOnlyList<CallAnswer> Calls, bool Complete)
{
    internal static ServiceList Of(ServiceOverview overview, bool complete) => new(
        [.. overview.Heartbeats.OrderBy(one => one.Service, StringComparer.Ordinal).ThenBy(one => HeartbeatRules.StateOf(one, overview.At))
            .ThenBy(one => one.Name, StringComparer.Ordinal).ThenByDescending(one => one.At).Select(one => ServiceAnswer.Of(one, overview.At))],
        [.. overview.Dependencies().Select(DependencyAnswer.Of)], [.. overview.Calls().Select(CallAnswer.Of)], complete);
}

/// <summary>A process.</summary>
/// <param name="Id">This run of it; a restart is another one.</param>
/// <param name="Service">api or worker.</param>
/// <param name="Name">Its name, for example <c>worker-2</c>.</param>
/// <param name="Host">The machine, or the container.</param>
/// <param name="ProcessId">Its number on that machine.</param>
/// <param name="Version">Version of the program.</param>
/// <param name="State">running; stopped (as it was asked to); or gone (no heartbeat for 20 seconds: it died, hangs, or cannot write to the store).</param>
/// <param name="Since">Since when it is in this state, UTC.</param>
/// <param name="StartedAt">When it was ready, UTC.</param>
/// <param name="LastHeartbeatAt">When it last said something, UTC; every five seconds while it runs.</param>
/// <param name="Dependencies">What it needs, as it saw it then.</param>
public sealed record ServiceAnswer(
    Guid Id, string Service, string Name, string Host, int ProcessId, string Version, string State, DateTimeOffset Since, DateTimeOffset StartedAt,
    DateTimeOffset LastHeartbeatAt, IReadOnlyList<DependencyAnswer> Dependencies)
{
    internal static ServiceAnswer Of(Heartbeat one, DateTimeOffset now)
    {
        var state = HeartbeatRules.StateOf(one, now);
        return new(one.Id, one.Service, one.Name, one.Host, one.ProcessId, one.Version,
            state switch { ProcessState.Running => "running", ProcessState.Stopped => "stopped", _ => "gone" },
            state == ProcessState.Running ? one.StartedAt : ServiceOverview.EndOf(one), one.StartedAt, one.At,
            [.. one.Dependencies.Select(dependency => DependencyAnswer.Of(dependency.Name, dependency.Available, dependency.Since, dependency.Reason, null))]);
    }
}

/// <summary>What the services need.</summary>
/// <param name="Name">documents, blobs, topic, space or vision.</param>
/// <param name="State">available or away.</param>
/// <param name="Since">Away: when the first process lost it. Available: since when every process sees it so. UTC.</param>
/// <param name="Reason">Why it is away.</param>
/// <param name="LostBy">Names of the processes that see it away, in the list of all; absent when it is available.</param>
public sealed record DependencyAnswer(string Name, string State, DateTimeOffset Since, string? Reason, IReadOnlyList<string>? LostBy)
{
    internal static DependencyAnswer Of(DependencyView one) => Of(one.Name, one.Available, one.Since, one.Reason, one.Available ? null : one.LostBy);

    internal static DependencyAnswer Of(string name, bool available, DateTimeOffset since, string? reason, IReadOnlyList<string>? lostBy) =>
        new(name, available ? "available" : "away", since, reason, lostBy);
}

/// <summary>Calls of one caller to one called.</summary>
/// <param name="Caller">A stage, <c>api</c> or <c>webhook sender</c>; <c>topic</c> where it delivers to a stage.</param>
/// <param name="Called">documents, blobs, topic, vision, subscribers (of webhooks), or a stage.</param>
/// <param name="Calls">How many ended within the last five minutes.</param>
/// <param name="Failed">How many of them failed.</param>
/// <param name="PerMinute">Calls a minute.</param>
/// <param name="P50Seconds">Half of them took at most this long; at most 12 % off, and one millisecond for less.</param>
/// <param name="P95Seconds">95 of 100 took at most this long.</param>
public sealed record CallAnswer(string Caller, string Called, long Calls, long Failed, double PerMinute, double? P50Seconds, double? P95Seconds)
{
    internal static CallAnswer Of(CallFigures one) => new(
        one.Caller, one.Called, one.Calls, one.Failed, Math.Round(one.Calls / CallFigures.Window.TotalMinutes, 1), Percentile(one, 0.5), Percentile(one, 0.95));

    private static double? Percentile(CallFigures one, double share) => DurationHistogram.Percentile([.. one.Durations.Select((count, bucket) => (bucket, count))], share);
}

/// <summary>Who is there: processes by their heartbeats, and their dependencies.</summary>
internal static class ServicesApi
{
    public static void MapServices(this RouteGroupBuilder operations) => operations.MapGet("/services", ListAsync)
        .WithName("ListServices").WithSummary("The processes of Api and Worker, and what they need, each with its state and since when.");

    private static async Task<Ok<ServiceList>> ListAsync(HttpContext context, ServiceReader reader)
    {
        var (overview, complete) = await reader.ReadAsync(context.RequestAborted);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(ServiceList.Of(overview, complete));
    }
}
