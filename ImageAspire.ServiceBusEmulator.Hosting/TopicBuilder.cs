namespace ImageAspire.ServiceBusEmulator.Hosting;

/// <summary>Declares a topic and its subscriptions.</summary>
public sealed class TopicBuilder
{
    internal TopicBuilder(string name) => Definition = new TopicDefinition(name, new TopicSettings(), []);

    /// <summary>The topic's properties.</summary>
    public TopicSettings Properties => Definition.Properties;

    internal TopicDefinition Definition { get; }

    /// <summary>Declares a subscription. Without a rule it gets every message.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="configure">Sets its properties, and adds its rules.</param>
    /// <returns>The same topic.</returns>
    public TopicBuilder AddSubscription(string name, Action<SubscriptionBuilder>? configure = null)
    {
        var subscription = new SubscriptionBuilder(name);
        configure?.Invoke(subscription);
        Definition.Subscriptions.Add(subscription.Definition);
        return this;
    }
}

/// <summary>Declares a subscription and its rules: it gets the messages that at least one of them lets through.</summary>
public sealed class SubscriptionBuilder
{
    internal SubscriptionBuilder(string name) => Definition = new SubscriptionDefinition(name, new SubscriptionSettings(), []);

    /// <summary>The subscription's properties.</summary>
    public SubscriptionSettings Properties => Definition.Properties;

    internal SubscriptionDefinition Definition { get; }

    /// <summary>Adds a rule that compares properties for equality.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="filter">What is compared.</param>
    /// <param name="action">What is changed in a message that it lets through, in SQL; null for nothing.</param>
    /// <returns>The same subscription.</returns>
    public SubscriptionBuilder AddRule(string name, CorrelationFilter filter, string? action = null) =>
        Add(name, new RuleProperties("Correlation", CorrelationFilter: filter, Action: Sql(action)));

    /// <summary>Adds a rule with a condition in SQL.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="condition">The condition.</param>
    /// <param name="action">What is changed in a message that it lets through, in SQL; null for nothing.</param>
    /// <returns>The same subscription.</returns>
    public SubscriptionBuilder AddRule(string name, string condition, string? action = null) =>
        Add(name, new RuleProperties("Sql", SqlFilter: Sql(condition), Action: Sql(action)));

    private SubscriptionBuilder Add(string name, RuleProperties properties)
    {
        Definition.Rules.Add(new RuleDefinition(name, properties));
        return this;
    }

    private static SqlExpression? Sql(string? text) => text is null ? null : new SqlExpression(text);
}
