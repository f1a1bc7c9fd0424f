using ImageAspire.Core.Heartbeats;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;

namespace ImageAspire.Api.Operations;

/// <summary>What a stage does now, and what holds it up: from the counts of its subscription and from the heartbeats.</summary>
/// <param name="services">Who is there.</param>
/// <param name="complete">Whether that is known of all processes.</param>
internal sealed class StageStates(ServiceOverview services, bool complete)
{
    /// <summary>The state of a subscription's stage.</summary>
    public StageState Of(SubscriptionStatus status)
    {
        var retry = RetryOf(status.Name);
        var scheduled = Scheduled(status, retry);
        var waiting = status.Active + scheduled;
        if (status.Pause is { } pause)
            return new("paused", waiting, new HoldUp("paused", By: pause.By, Since: pause.At));
        if (waiting + status.InFlight == 0)
            return new("idle", 0, null);
        if (HoldUpOf(status.Name) is { } holdUp)
            return new("held", waiting, holdUp);
        if (status.InFlight > 0)
            return new("working", waiting, null);
        return status.Active > 0
            ? new("waiting", waiting, null)
            : new("retrying", waiting, new HoldUp("retry", Until: status.NextDueAt ?? retry?.Until, Reason: retry?.Reason));
    }

    private HoldUp? HoldUpOf(string subscription)
    {
        if (StageCatalog.All.FirstOrDefault(one => one.Subscription == subscription) is not { } stage)
            return new HoldUp("no-stage");
        if (complete && !services.Running(ServiceNames.Worker).Any())
            return new HoldUp("no-worker", Since: services.NoneSince(ServiceNames.Worker));
        // A worker that reaches it goes on. When nothing is known of the workers, what this process sees must do.
        var away = services.Dependencies(complete ? ServiceNames.Worker : null).FirstOrDefault(one => !one.Available && one.SeenByAll && stage.Needs.Contains(one.Name));
        return away is null ? null : new HoldUp("dependency-away", Name: away.Name, Since: away.Since, Reason: away.Reason);
    }

    // Also of a worker that has ended: its retries are in the topic.
    private StageRetry? RetryOf(string subscription) => services.Heartbeats.SelectMany(one => one.Retries)
        .Where(one => one.Subscription == subscription && one.Until > services.At).MaxBy(one => one.Until);

    // Service Bus counts scheduled messages by topic: they are those of the stages that put one off, and when no worker knows, of any.
    private long Scheduled(SubscriptionStatus status, StageRetry? retry) =>
        !status.ScheduledIsOfTopic || retry is not null || !services.Heartbeats.Any(one => one.Retries.Any(other => other.Until > services.At)) ? status.Scheduled : 0;
}

/// <summary>The state of a stage.</summary>
/// <param name="Name">idle, working, waiting, retrying, held or paused.</param>
/// <param name="Waiting">Messages that wait: ready ones and scheduled ones.</param>
/// <param name="HeldUpBy">What holds it up; null when nothing is known to.</param>
internal sealed record StageState(string Name, long Waiting, HoldUp? HeldUpBy);

/// <summary>What holds a stage up.</summary>
/// <param name="Code">paused, no-worker, dependency-away, retry, or no-stage.</param>
/// <param name="Name">The dependency: documents, blobs, topic or vision.</param>
/// <param name="Since">Since when, UTC; absent when that is not known.</param>
/// <param name="Until">retry: when the next one is due, UTC.</param>
/// <param name="By">paused: name of the operator's key.</param>
/// <param name="Reason">Why a dependency is away, or why the last attempt did not succeed.</param>
public sealed record HoldUp(string Code, string? Name = null, DateTimeOffset? Since = null, DateTimeOffset? Until = null, string? By = null, string? Reason = null);
