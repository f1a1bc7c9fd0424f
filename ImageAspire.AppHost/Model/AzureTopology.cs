using ImageAspire.Core.Events;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;

namespace ImageAspire.AppHost.Model;

/// <summary>
/// What must exist before a service of the Azure backend starts. The emulators of this repository, those in containers and a deployment are all made from it.
/// The indexes of the database are made by the services.
/// </summary>
internal static class AzureTopology
{
    /// <summary>The containers of blobs, which are the names of their connection strings too: images, and resumable uploads until they are complete.</summary>
    public static readonly IReadOnlyList<string> Containers = ["images", "uploads"];

    /// <summary>The topic. The outbox may publish an event twice; duplicate detection drops the second.</summary>
    public static readonly TopicDeclaration Topic = new(ImageEventTypes.Topic, DuplicateDetection: TimeSpan.FromMinutes(10), TimeToLive: TimeSpan.FromDays(14));

    /// <summary>The same within the limits of the official emulator.</summary>
    public static readonly TopicDeclaration TopicOnOfficialEmulator = Topic with { DuplicateDetection = TimeSpan.FromMinutes(5), TimeToLive = TimeSpan.FromHours(1) };

    /// <summary>One subscription for each stage.</summary>
    public static readonly IReadOnlyList<SubscriptionDeclaration> Subscriptions = [.. StageCatalog.Subscriptions.Select(SubscriptionDeclaration.Of)];
}

/// <summary>A topic that drops what was sent before.</summary>
/// <param name="Name">Its name.</param>
/// <param name="DuplicateDetection">How long the ids of messages are remembered.</param>
/// <param name="TimeToLive">How long a message waits.</param>
internal sealed record TopicDeclaration(string Name, TimeSpan DuplicateDetection, TimeSpan TimeToLive);

/// <summary>A subscription with peek-locks. What expires, and what a filter cannot evaluate, goes to its dead-letter queue.</summary>
/// <param name="Name">Its name.</param>
/// <param name="LockDuration">How long a message is locked; the Worker renews it.</param>
/// <param name="MaxDeliveryCount">After how many deliveries a message is dead-lettered. The Worker gives up before; this is a safety margin.</param>
/// <param name="Rules">What it gets.</param>
internal sealed record SubscriptionDeclaration(string Name, TimeSpan LockDuration, int MaxDeliveryCount, IReadOnlyList<SubscriptionRule> Rules)
{
    public static SubscriptionDeclaration Of(SubscriptionOptions options) => new(options.Name, options.LockDuration, options.MaxDeliveryCount, SubscriptionRules.Of(options));
}
