using ImageAspire.Api.Operations;
using ImageAspire.Core.Heartbeats;
using ImageAspire.Core.Ports;

namespace ImageAspire.Api.Alarms;

/// <summary>What can be seen of the system at one moment.</summary>
/// <param name="Services">Who is there.</param>
/// <param name="Complete">Whether that is known of all processes.</param>
/// <param name="Subscriptions">The topic's counts; null when it does not say.</param>
/// <param name="Space">The volume of the bytes; null when it has no end.</param>
/// <param name="Analyzed">Images analyzed within the last ten minutes.</param>
/// <param name="Failed">Images that failed within them.</param>
/// <param name="Damaged">Damaged originals; null when the store does not say.</param>
internal sealed record SystemLook(
    ServiceOverview Services, bool Complete, IReadOnlyList<SubscriptionStatus>? Subscriptions, VolumeSpace? Space, long Analyzed, long Failed, long? Damaged)
{
    /// <summary>When it was taken, UTC.</summary>
    public DateTimeOffset At => Services.At;

    /// <summary>Since when this process looks, UTC.</summary>
    public DateTimeOffset Began { get; init; }

    /// <summary>For how long something has been so while somebody looked. What waited over a night in which nothing ran is no fault in the morning.</summary>
    public TimeSpan For(DateTimeOffset since) => At - (since > Began ? since : Began);

    /// <summary>What each stage does.</summary>
    public StageStates States => new(Services, Complete);

    /// <summary>True when it is known that no Worker runs.</summary>
    public bool HasNoWorker => Complete && !Services.Running(ServiceNames.Worker).Any();
}

/// <summary>Looks at the system. What does not answer in time is unknown; that it is away, the heartbeats say.</summary>
internal sealed class SystemReader(
    ServiceReader services, ITopicOperations topic, IStorageSpace space, OutcomeRates outcomes, IScrubFindingStore findings, TimeProvider time)
{
    private readonly DateTimeOffset _began = time.GetUtcNow();

    public async Task<SystemLook> ReadAsync(CancellationToken cancellationToken)
    {
        var subscriptions = StoreAttempt.RunAsync<IReadOnlyList<SubscriptionStatus>>(async token => await topic.GetStatusAsync(token), time, cancellationToken);
        var damaged = StoreAttempt.RunAsync<ScrubFindings>(async token => await findings.ListAsync(1, token), time, cancellationToken);
        var (overview, complete) = await services.ReadAsync(cancellationToken);
        var (analyzed, failed) = outcomes.Read();
        return new SystemLook(overview, complete, await subscriptions, space.Measure(), analyzed, failed, (await damaged)?.Total) { Began = _began };
    }
}
