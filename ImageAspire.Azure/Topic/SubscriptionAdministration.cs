using Azure.Messaging.ServiceBus;
using Azure.Messaging.ServiceBus.Administration;
using ImageAspire.Core.Events;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;

namespace ImageAspire.Azure.Topic;

/// <summary>
/// Creates, deletes and counts subscriptions. Needs the administration API (which Aspire gives no address of for the official emulator) and, in Azure, the role
/// 'Azure Service Bus Data Owner'.
/// </summary>
internal sealed class SubscriptionAdministration(ServiceBusAdministrationClient client)
{
    // The shortest that the service allows.
    private static readonly TimeSpan IdleLifetime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ShortestLock = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestLock = TimeSpan.FromMinutes(5);

    /// <summary>Creates a durable subscription with its rules, unless it exists.</summary>
    public async Task EnsureAsync(SubscriptionOptions options, CancellationToken cancellationToken)
    {
        if (await client.SubscriptionExistsAsync(ImageEventTypes.Topic, options.Name, cancellationToken))
            return;
        await CreateAsync(new CreateSubscriptionOptions(ImageEventTypes.Topic, options.Name)
        {
            LockDuration = options.LockDuration < ShortestLock ? ShortestLock : options.LockDuration > LongestLock ? LongestLock : options.LockDuration,
            MaxDeliveryCount = options.MaxDeliveryCount, DeadLetteringOnMessageExpiration = true,
        }, options, cancellationToken);
    }

    /// <summary>
    /// Adds the rules that a subscription of an earlier version lacks, because there are more types of events now. Where that is not allowed nothing
    /// changes: comparing shows it, and a deployment makes it right.
    /// </summary>
    public async Task TryAddMissingRulesAsync(SubscriptionOptions options, CancellationToken cancellationToken)
    {
        try
        {
            if (await FiltersAsync(options.Name, cancellationToken) is not { } found)
                return; // what accepts every message lacks none
            foreach (var rule in SubscriptionRules.Of(options).Where(rule => !found.Contains(FilterOf(rule))))
                await client.CreateRuleAsync(ImageEventTypes.Topic, options.Name, RuleOf(rule, options), cancellationToken);
        }
        catch (Exception error) when (ServiceBusErrors.IsOfService(error))
        {
            // Not allowed, or another process adds the same ones at this moment.
        }
    }

    /// <summary>Creates a subscription that the service removes after five minutes without a listener.</summary>
    public Task CreateInstanceAsync(string name, SubscriptionOptions options, CancellationToken cancellationToken) =>
        CreateAsync(new CreateSubscriptionOptions(ImageEventTypes.Topic, name)
        {
            AutoDeleteOnIdle = IdleLifetime, DefaultMessageTimeToLive = IdleLifetime, LockDuration = TimeSpan.FromSeconds(30),
            DeadLetteringOnMessageExpiration = false,
        }, options with { Name = name }, cancellationToken);

    /// <summary>Deletes a subscription; false when it does not exist.</summary>
    public async Task<bool> DeleteAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await client.DeleteSubscriptionAsync(ImageEventTypes.Topic, name, cancellationToken);
            return true;
        }
        catch (ServiceBusException error) when (error.Reason == ServiceBusFailureReason.MessagingEntityNotFound)
        {
            return false;
        }
    }

    /// <summary>How the durable subscriptions differ from those that are expected.</summary>
    public async Task<IReadOnlyList<TopologyDifference>> CompareAsync(IReadOnlyList<SubscriptionOptions> expected, CancellationToken cancellationToken)
    {
        var found = (await CountAsync(cancellationToken)).Select(one => one.SubscriptionName).ToHashSet(StringComparer.Ordinal);
        var differences = new List<TopologyDifference>(
            found.Except(expected.Select(one => one.Name)).Select(name => new TopologyDifference(name, TopologyProblem.Unused)));
        foreach (var one in expected)
        {
            if (!found.Contains(one.Name))
                differences.Add(new TopologyDifference(one.Name, TopologyProblem.Missing));
            else if (!await HasRulesAsync(one, cancellationToken))
                differences.Add(new TopologyDifference(one.Name, TopologyProblem.FilterDiffers));
        }

        return differences;
    }

    private async Task<bool> HasRulesAsync(SubscriptionOptions options, CancellationToken cancellationToken) =>
        await FiltersAsync(options.Name, cancellationToken) is { } found && found.SetEquals(SubscriptionRules.Of(options).Select(FilterOf));

    // By what the rules let through, not by their names, because the AppHost and this class name them differently. Null when one of them is of
    // another kind, such as the default rule, which accepts every message.
    private async Task<HashSet<(string?, string?, string?)>?> FiltersAsync(string subscription, CancellationToken cancellationToken)
    {
        var found = new HashSet<(string?, string?, string?)>();
        await foreach (var rule in client.GetRulesAsync(ImageEventTypes.Topic, subscription, cancellationToken))
        {
            if (rule.Filter is not CorrelationRuleFilter filter)
                return null;
            found.Add((filter.Subject, filter.CorrelationId, filter.To));
        }

        return found;
    }

    private static (string?, string?, string?) FilterOf(SubscriptionRule rule) => (rule.Subject, rule.CorrelationId, rule.To);

    /// <summary>Counts of every durable subscription, as the service keeps them.</summary>
    public async Task<IReadOnlyList<SubscriptionRuntimeProperties>> CountAsync(CancellationToken cancellationToken)
    {
        var all = new List<SubscriptionRuntimeProperties>();
        await foreach (var counts in client.GetSubscriptionsRuntimePropertiesAsync(ImageEventTypes.Topic, cancellationToken))
        {
            if (!InstanceSubscription.IsName(counts.SubscriptionName))
                all.Add(counts);
        }

        return all;
    }

    /// <summary>Scheduled messages of the topic. The service does not report them per subscription.</summary>
    public async Task<long> CountScheduledAsync(CancellationToken cancellationToken)
    {
        TopicRuntimeProperties topic = await client.GetTopicRuntimePropertiesAsync(ImageEventTypes.Topic, cancellationToken);
        return topic.ScheduledMessageCount;
    }

    private async Task CreateAsync(CreateSubscriptionOptions subscription, SubscriptionOptions options, CancellationToken cancellationToken)
    {
        var rules = SubscriptionRules.Of(options);
        try
        {
            // The first rule in the same call: until it is created, the default rule would accept every message.
            await client.CreateSubscriptionAsync(subscription, RuleOf(rules[0], options), cancellationToken);
            foreach (var rule in rules.Skip(1))
                await client.CreateRuleAsync(ImageEventTypes.Topic, options.Name, RuleOf(rule, options), cancellationToken);
        }
        catch (ServiceBusException error) when (error.Reason == ServiceBusFailureReason.MessagingEntityAlreadyExists)
        {
            // Another process creates the same one at this moment.
        }
    }

    // Without the subscription's name as a prefix: a rule's name has at most 50 characters too, and is unique only within its subscription.
    private static CreateRuleOptions RuleOf(SubscriptionRule rule, SubscriptionOptions options) => new(rule.Name[(options.Name.Length + 1)..],
        new CorrelationRuleFilter { Subject = rule.Subject, CorrelationId = rule.CorrelationId, To = rule.To });
}
