using ImageAspire.Core.Events;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Webhooks;

namespace ImageAspire.Core.Pipeline;

/// <summary>The durable subscriptions of the topic. They exist before the first event does, whether or not a worker runs.</summary>
public static class Topology
{
    /// <summary>One for each stage that the Worker runs; names and filters are those of the stages.</summary>
    public static readonly IReadOnlyList<SubscriptionOptions> DurableSubscriptions =
    [
        new("inspect-image") { Types = [ImageEventTypes.Received] },
        new("analyze-image") { Types = [ImageEventTypes.Inspected] },
        new("record-audit"),
        new("update-reports"),
        new("notify-subscribers") { Types = Webhook.AllTypes },
    ];
}
