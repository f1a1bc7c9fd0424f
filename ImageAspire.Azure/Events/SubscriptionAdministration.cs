using Azure.Messaging.ServiceBus;
using Azure.Messaging.ServiceBus.Administration;
using ImageAspire.Core.Events;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;

namespace ImageAspire.Azure.Events;

/// <summary>
/// Makes and counts subscriptions. Needs the administration API (not in the emulator of Aspire 13.1) and, in Azure, the role
/// 'Azure Service Bus Data Owner'.
/// </summary>
internal sealed class SubscriptionAdministration(ServiceBusAdministrationClient client)
{
    // The shortest that the service allows.
    private static readonly TimeSpan VanishAfter = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ShortestLock = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestLock = TimeSpan.FromMinutes(5);

    /// <summary>Makes a durable subscription with its rules, unless it is there.</summary>
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

    /// <summary>Makes a subscription that the service removes when nobody has listened for five minutes.</summary>
    public Task CreateInstanceAsync(string name, SubscriptionOptions options, CancellationToken cancellationToken) =>
        CreateAsync(new CreateSubscriptionOptions(ImageEventTypes.Topic, name)
        {
            AutoDeleteOnIdle = VanishAfter, DefaultMessageTimeToLive = VanishAfter, LockDuration = TimeSpan.FromSeconds(30),
            DeadLetteringOnMessageExpiration = false,
        }, options with { Name = name }, cancellationToken);

    /// <summary>Removes a subscription; one that is gone already is no error.</summary>
    public async Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await client.DeleteSubscriptionAsync(ImageEventTypes.Topic, name, cancellationToken);
        }
        catch (ServiceBusException error) when (error.Reason == ServiceBusFailureReason.MessagingEntityNotFound)
        {
            // Gone: that was the wish.
        }
    }

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

    /// <summary>Messages of the topic that wait for their time. The service does not say for which subscription.</summary>
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
            // The first rule in the same call: made later, it would follow a moment in which the default rule lets everything in.
            await client.CreateSubscriptionAsync(subscription, RuleOf(rules[0], options), cancellationToken);
            foreach (var rule in rules.Skip(1))
                await client.CreateRuleAsync(ImageEventTypes.Topic, options.Name, RuleOf(rule, options), cancellationToken);
        }
        catch (ServiceBusException error) when (error.Reason == ServiceBusFailureReason.MessagingEntityAlreadyExists)
        {
            // Somebody else makes the same one right now.
        }
    }

    // Without the subscription's name before it: a rule's name has at most 50 characters too, and here need not differ between subscriptions.
    private static CreateRuleOptions RuleOf(SubscriptionRule rule, SubscriptionOptions options) => new(rule.Name[(options.Name.Length + 1)..],
        new CorrelationRuleFilter { Subject = rule.Subject, CorrelationId = rule.CorrelationId, To = rule.To });
}
