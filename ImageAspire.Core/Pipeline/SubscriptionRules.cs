using ImageAspire.Core.Events;
using ImageAspire.Core.Ports;

namespace ImageAspire.Core.Pipeline;

/// <summary>
/// One rule of a subscription on Service Bus: a correlation filter, whose parts are combined with "and". A subscription takes a message
/// that any of its rules lets through.
/// </summary>
/// <param name="Name">Unique in the namespace, and never the name of a topic or subscription.</param>
/// <param name="Subject">The message's subject: an event type; null for any.</param>
/// <param name="CorrelationId">The message's correlation id: an image id; null for any.</param>
/// <param name="To">The message's destination; null for any.</param>
public sealed record SubscriptionRule(string Name, string? Subject = null, string? CorrelationId = null, string? To = null);

/// <summary>The rules of a subscription. The AppHost declares them, and services that make subscriptions themselves use the same.</summary>
public static class SubscriptionRules
{
    /// <summary>One rule for each event type, and one for messages that come again later and are for this subscription alone.</summary>
    public static IReadOnlyList<SubscriptionRule> Of(SubscriptionOptions options)
    {
        // Every type is named, even for a subscription of all: what is meant for another subscription alone must not match.
        var image = options.Subject?.ToString("D");
        return
        [
            .. (options.Types ?? ImageEventTypes.All).Select(type => new SubscriptionRule($"{options.Name}-{type[(type.LastIndexOf('.') + 1)..]}", type, image)),
            new SubscriptionRule($"{options.Name}-redelivery", To: options.Name),
        ];
    }
}
