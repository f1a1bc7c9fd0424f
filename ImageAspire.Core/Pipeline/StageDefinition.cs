using ImageAspire.Core.Heartbeats;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;

namespace ImageAspire.Core.Pipeline;

/// <summary>What the system knows about a stage without running it.</summary>
/// <param name="Type">The class: an <see cref="IStage"/>.</param>
/// <param name="Subscription">Its own subscription of the topic, for example <c>inspect-image</c>.</param>
/// <param name="Summary">What it does, in a few words for operators, for example <c>keeps the audit log</c>.</param>
public sealed record StageDefinition(Type Type, string Subscription, string Summary)
{
    /// <summary>Its name in spans, metrics, the audit log and failures: the class's, for example <c>InspectImage</c>.</summary>
    public string Name => Type.Name;

    /// <summary>The event types that wake it; null for every type.</summary>
    public IReadOnlyList<string>? EventTypes { get; init; }

    /// <summary>How long one attempt may take; null for the Worker's setting (<c>Worker:StageTimeLimit</c>, five minutes).</summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>What it cannot work without: some of <see cref="DependencyNames"/>.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [DependencyNames.Topic, DependencyNames.Documents];

    /// <summary>How its work is done again for many images; null for a stage that has no result on the record.</summary>
    public ReprocessingDefinition? Reprocessing { get; init; }

    /// <summary>The definition of a stage.</summary>
    /// <typeparam name="TStage">Its class.</typeparam>
    public static StageDefinition Of<TStage>(string subscription, string summary)
        where TStage : IStage => new(typeof(TStage), subscription, summary);
}

/// <summary>Which images lack a stage's result, and how one is sent to the stage again.</summary>
/// <param name="WaitsIn">The status in which an image waits for the stage.</param>
/// <param name="Missing">The other statuses among which images without the stage's result are found.</param>
/// <param name="All">The other statuses of all images that the stage can work on.</param>
/// <param name="LacksResult">Whether an image in one of those statuses lacks the result.</param>
/// <param name="Repeat">The transition that sends an image to the stage again; null when there is nothing to do.</param>
public sealed record ReprocessingDefinition(
    ImageStatus WaitsIn, IReadOnlyList<ImageStatus> Missing, IReadOnlyList<ImageStatus> All,
    Func<ImageRecord, bool> LacksResult, Func<ImageRecord, Cause, Transition?> Repeat);
