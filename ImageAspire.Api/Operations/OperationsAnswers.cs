using System.Diagnostics;
using ImageAspire.Core.Events;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Ports;

namespace ImageAspire.Api.Operations;

/// <summary>The topic's subscriptions.</summary>
/// <param name="Items">By name.</param>
public sealed record SubscriptionList(IReadOnlyList<SubscriptionAnswer> Items);

/// <summary>Counts of one subscription.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Active">Ready to be delivered.</param>
/// <param name="InFlight">Being handled.</param>
/// <param name="Scheduled">Waiting for their time, for example for the next attempt.</param>
/// <param name="DeadLettered">Dead-lettered; they wait for an operator.</param>
/// <param name="OldestActiveAt">When the oldest active message was published, UTC; absent when none is active.</param>
/// <param name="OldestAgeSeconds">Age in seconds of the oldest message that waits: active, or, except on Service Bus, scheduled for its next attempt.</param>
/// <param name="Paused">True: messages are collected and none is delivered.</param>
/// <param name="State">idle (nothing waits), working, waiting (nothing is known to hold it up), retrying (all that waits is scheduled), held, or paused.</param>
/// <param name="Waiting">Messages that wait: active ones and scheduled ones.</param>
/// <param name="HeldUpBy">What holds it up; absent when nothing is known to.</param>
/// <param name="ArrivedPerMinute">Events published for it, over at most the last minute; absent until the counts were asked for twice in a minute.</param>
/// <param name="CompletedPerMinute">Events that it is done with, over the same time.</param>
/// <param name="WaitingDoneInSeconds">When it is done with what waits now, at that rate; absent when nothing waits, is done, or is free to be worked on.</param>
public sealed record SubscriptionAnswer(
    string Name, long Active, long InFlight, long Scheduled, long DeadLettered, DateTimeOffset? OldestActiveAt, double? OldestAgeSeconds, bool Paused,
    string State, long Waiting, HoldUp? HeldUpBy, double? ArrivedPerMinute, double? CompletedPerMinute, double? WaitingDoneInSeconds)
{
    internal static SubscriptionAnswer Of(SubscriptionStatus status, StageState state, DateTimeOffset now, SubscriptionRates.Rates rates) => new(
        status.Name, status.Active, status.InFlight, status.Scheduled, status.DeadLettered, status.OldestActiveAt,
        AgeOf(status, now), status.Pause is not null,
        state.Name, state.Waiting, state.HeldUpBy, rates.Arrived, rates.Completed,
        DoneIn(state, rates));

    // Of a stage that is held up or paused nobody knows.
    private static double? DoneIn(StageState state, SubscriptionRates.Rates rates) => state is { Name: "working" or "waiting", Waiting: > 0 } && rates.Completed > 0
        ? Math.Ceiling(state.Waiting / rates.Completed.Value * 60) : null;

    private static double? AgeOf(SubscriptionStatus status, DateTimeOffset now) =>
        ((DateTimeOffset?[])[status.OldestActiveAt, status.OldestScheduledAt]).Min() is { } oldest ? Math.Max(0, Math.Round((now - oldest).TotalSeconds, 3)) : null;
}

/// <summary>One page of dead letters.</summary>
/// <param name="Items">The last published first.</param>
/// <param name="Next">Opaque cursor; absent at the end. A page with a filter may be short, even empty, and yet not the last one.</param>
public sealed record DeadLetterPage(IReadOnlyList<DeadLetterAnswer> Items, string? Next);

/// <summary>A dead-lettered message.</summary>
/// <param name="Id">Opaque; for retrying or discarding it.</param>
/// <param name="Subscription">Subscription of the message.</param>
/// <param name="Reason">Stable code.</param>
/// <param name="Description">Human-readable description.</param>
/// <param name="Cause">Why the last attempt failed: time-limit, dependency-away, dependency-refused, dependency-slow, dependency-failed, image-refused, process-died, conflict or our-fault.</param>
/// <param name="Dependency">Because of which dependency; absent when of none.</param>
/// <param name="DeliveryCount">How often it was delivered.</param>
/// <param name="DeadLetteredAt">When it was dead-lettered, UTC.</param>
/// <param name="ImageId">The image; absent when the message cannot be read.</param>
/// <param name="TraceId">The image's trace.</param>
/// <param name="Event">The event itself; absent when it cannot be read.</param>
public sealed record DeadLetterAnswer(
    string Id, string Subscription, string Reason, string Description, string Cause, string? Dependency, int DeliveryCount, DateTimeOffset DeadLetteredAt,
    Guid? ImageId, string? TraceId, DeadLetterEvent? Event)
{
    internal static DeadLetterAnswer Of(DeadLetter dead)
    {
        var fault = FailureFaults.OfCode(dead.Reason);
        return new(DeadLetterKey.Of(dead).ToString(), dead.Subscription, dead.Reason, dead.Description, fault.Cause, fault.Dependency, dead.DeliveryCount, dead.DeadLetteredAt,
            dead.Event?.ImageId, TraceOf(dead.Event), dead.Event is { } e ? new DeadLetterEvent(e.Id, e.Type, e.Time, e.Data) : null);
    }

    private static string? TraceOf(ImageEvent? e) =>
        ActivityContext.TryParse(e?.TraceParent, null, out var context) ? context.TraceId.ToHexString() : null;
}

/// <summary>The event of a dead letter.</summary>
/// <param name="Id">The event.</param>
/// <param name="Type">Its type.</param>
/// <param name="Time">When it happened, UTC.</param>
/// <param name="Data">Its payload.</param>
public sealed record DeadLetterEvent(Guid Id, string Type, DateTimeOffset Time, ImageEventData Data);

/// <summary>The result of retrying many.</summary>
/// <param name="Retried">How many were retried.</param>
/// <param name="More">Whether further ones match; call again with <c>next</c> as the cursor.</param>
/// <param name="Next">Cursor for the next call, so that one that fails again is not retried for ever; absent at the end.</param>
public sealed record RetriedAnswer(int Retried, bool More, string? Next);
