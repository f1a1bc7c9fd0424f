namespace ImageAspire.Core.Ports;

/// <summary>The topic's durable subscriptions as they are, compared with those that the stages need.</summary>
public interface ITopology
{
    /// <summary>What differs. Empty when every subscription that is expected exists with its filter, and no other does.</summary>
    /// <param name="expected">The subscriptions of the stages.</param>
    /// <param name="cancellationToken">Ends the comparison.</param>
    /// <exception cref="Errors.StoreUnavailableException">The topic does not answer.</exception>
    Task<IReadOnlyList<TopologyDifference>> CompareAsync(IReadOnlyList<SubscriptionOptions> expected, CancellationToken cancellationToken);

    /// <summary>Deletes a subscription with its messages and dead letters; false when there is none of this name.</summary>
    /// <param name="subscription">Name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="NotSupportedException">The topic cannot be administered from here.</exception>
    Task<bool> DeleteAsync(string subscription, CancellationToken cancellationToken);
}

/// <summary>A subscription that is not as the stages need it.</summary>
/// <param name="Subscription">Name.</param>
/// <param name="Problem">What is wrong.</param>
public sealed record TopologyDifference(string Subscription, TopologyProblem Problem)
{
    /// <summary>What it means and what to do, for operators.</summary>
    public string Explanation => Problem switch
    {
        TopologyProblem.Missing => $"the stage '{Subscription}' has no subscription and receives nothing; start a Worker of this version, or deploy again",
        TopologyProblem.Unused => $"no stage of this version receives from the subscription '{Subscription}', which keeps its messages; delete it with "
            + $"DELETE /api/operations/subscriptions/{Subscription} unless another version needs it",
        _ => $"the subscription '{Subscription}' has another filter than its stage, so it lacks events or has too many; is another version running? Restart the Workers of this one, or deploy again",
    };
}

/// <summary>How a subscription differs from what its stage needs.</summary>
public enum TopologyProblem
{
    /// <summary>A stage without a subscription.</summary>
    Missing,

    /// <summary>A subscription without a stage.</summary>
    Unused,

    /// <summary>A subscription with another filter.</summary>
    FilterDiffers,
}
