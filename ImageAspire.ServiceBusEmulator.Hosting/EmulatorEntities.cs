namespace ImageAspire.ServiceBusEmulator.Hosting;

/// <summary>What the emulator makes at its start, as its <c>Config.json</c> has it.</summary>
internal sealed class EmulatorEntities
{
    public List<QueueDefinition> Queues { get; } = [];

    public List<TopicDefinition> Topics { get; } = [];
}

/// <summary>What queues, topics and subscriptions have in common. What is null has the default of the service.</summary>
public abstract class EntitySettings
{
    /// <summary>How long a message lives that does not say.</summary>
    public TimeSpan? DefaultMessageTimeToLive { get; set; }

    /// <summary>After which time without use it is deleted, at least five minutes.</summary>
    public TimeSpan? AutoDeleteOnIdle { get; set; }
}

/// <summary>What entities have from which clients receive.</summary>
public abstract class ReceivedEntitySettings : EntitySettings
{
    /// <summary>How long a received message is locked, from five seconds to five minutes.</summary>
    public TimeSpan? LockDuration { get; set; }

    /// <summary>After how many deliveries a message goes to the dead-letter queue.</summary>
    public int? MaxDeliveryCount { get; set; }

    /// <summary>Whether messages belong to sessions.</summary>
    public bool? RequiresSession { get; set; }

    /// <summary>Whether expired messages go to the dead-letter queue.</summary>
    public bool? DeadLetteringOnMessageExpiration { get; set; }

    /// <summary>The entity that gets its messages.</summary>
    public string? ForwardTo { get; set; }

    /// <summary>The entity that gets its dead letters.</summary>
    public string? ForwardDeadLetteredMessagesTo { get; set; }
}

/// <summary>A queue.</summary>
public sealed class QueueSettings : ReceivedEntitySettings
{
    /// <summary>Whether a message whose id was sent before is dropped.</summary>
    public bool? RequiresDuplicateDetection { get; set; }

    /// <summary>How long ids are remembered.</summary>
    public TimeSpan? DuplicateDetectionHistoryTimeWindow { get; set; }
}

/// <summary>A topic.</summary>
public sealed class TopicSettings : EntitySettings
{
    /// <summary>Whether a message whose id was sent before is dropped.</summary>
    public bool? RequiresDuplicateDetection { get; set; }

    /// <summary>How long ids are remembered.</summary>
    public TimeSpan? DuplicateDetectionHistoryTimeWindow { get; set; }
}

/// <summary>A subscription of a topic.</summary>
public sealed class SubscriptionSettings : ReceivedEntitySettings
{
    /// <summary>Whether a message that a filter cannot evaluate goes to the dead-letter queue.</summary>
    public bool? DeadLetteringOnFilterEvaluationExceptions { get; set; }
}

internal sealed record QueueDefinition(string Name, QueueSettings Properties);

internal sealed record TopicDefinition(string Name, TopicSettings Properties, List<SubscriptionDefinition> Subscriptions);

internal sealed record SubscriptionDefinition(string Name, SubscriptionSettings Properties, List<RuleDefinition> Rules);

internal sealed record RuleDefinition(string Name, RuleProperties Properties);

/// <summary>Which messages a subscription gets. Exactly one filter; what is null in a correlation filter is not compared.</summary>
internal sealed record RuleProperties(string FilterType, CorrelationFilter? CorrelationFilter = null, SqlExpression? SqlFilter = null, SqlExpression? Action = null);

internal sealed record SqlExpression([property: System.Text.Json.Serialization.JsonPropertyName("SqlExpression")] string Text);

/// <summary>Compares properties of a message for equality; those that are null are not compared.</summary>
public sealed class CorrelationFilter
{
    /// <summary>What kind of message it is.</summary>
    public string? Label { get; set; }

    /// <summary>The id that belongs together.</summary>
    public string? CorrelationId { get; set; }

    /// <summary>The id of the message.</summary>
    public string? MessageId { get; set; }

    /// <summary>For whom it is.</summary>
    public string? To { get; set; }

    /// <summary>Where answers go.</summary>
    public string? ReplyTo { get; set; }

    /// <summary>Its session.</summary>
    public string? SessionId { get; set; }

    /// <summary>The session of answers.</summary>
    public string? ReplyToSessionId { get; set; }

    /// <summary>The media type of its body.</summary>
    public string? ContentType { get; set; }

    /// <summary>Application properties: texts, numbers, true and false.</summary>
    public IDictionary<string, object>? Properties { get; set; }
}
