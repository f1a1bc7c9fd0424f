using ImageAspire.Core.Pipeline;

namespace ImageAspire.Worker;

/// <summary>Checks at the start that every subscription has exactly one stage.</summary>
internal static class StageWiring
{
    /// <exception cref="InvalidOperationException">A subscription has no stage, or several.</exception>
    public static void Check(IReadOnlyList<IStage> stages)
    {
        if (stages.Count == 0)
            throw new InvalidOperationException("The Worker has no stage. Add one with AddStage.");
        foreach (var shared in stages.GroupBy(stage => stage.Subscription).Where(group => group.Count() > 1))
            throw new InvalidOperationException($"Subscription '{shared.Key}' has several stages: {string.Join(", ", shared.Select(stage => stage.Name))}.");
        foreach (var declared in Topology.DurableSubscriptions)
        {
            if (!stages.Any(stage => stage.Subscription == declared.Name))
                throw new InvalidOperationException($"Subscription '{declared.Name}' has no stage: its messages would never be handled.");
        }
    }
}
