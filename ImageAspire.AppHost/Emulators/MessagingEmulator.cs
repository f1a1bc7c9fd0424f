using ImageAspire.AppHost.Model;
using ImageAspire.ServiceBusEmulator.Hosting;

namespace ImageAspire.AppHost.Emulators;

/// <summary>The topic and its subscriptions on the Service Bus emulator of this repository.</summary>
internal static class MessagingEmulator
{
    // Its exit code for an option that it does not know.
    private const int InvalidUsage = 2;

    /// <summary>Adds it for the services. Messages are kept in the data folder.</summary>
    public static void AddMessagingEmulator(this IDistributedApplicationBuilder builder, AppHostSettings settings, IEnumerable<IResourceBuilder<ProjectResource>> services)
    {
        var messaging = builder.AddServiceBusEmulator("messaging", LocalChecks.FreePort(), LocalChecks.FreePort())
            .WithDataFolder(Path.Combine(settings.DataFolder, "messaging"))
            .WithTopic(AzureTopology.Topic.Name, Declare)
            .WithoutForeignEnvironment()
            .RestartAfterCrash(InvalidUsage);
        foreach (var service in services)
            service.WithReference(messaging).WithAdministration(messaging).WaitFor(messaging);
    }

    /// <summary>Makes the topic as <see cref="AzureTopology"/> has it.</summary>
    internal static void Declare(TopicBuilder topic)
    {
        topic.Properties.RequiresDuplicateDetection = true;
        topic.Properties.DuplicateDetectionHistoryTimeWindow = AzureTopology.Topic.DuplicateDetection;
        topic.Properties.DefaultMessageTimeToLive = AzureTopology.Topic.TimeToLive;
        foreach (var subscription in AzureTopology.Subscriptions)
            topic.AddSubscription(subscription.Name, added => Declare(added, subscription));
    }

    private static void Declare(SubscriptionBuilder added, SubscriptionDeclaration subscription)
    {
        added.Properties.LockDuration = subscription.LockDuration;
        added.Properties.MaxDeliveryCount = subscription.MaxDeliveryCount;
        added.Properties.DeadLetteringOnMessageExpiration = true;
        added.Properties.DeadLetteringOnFilterEvaluationExceptions = true;
        foreach (var rule in subscription.Rules)
            added.AddRule(rule.Name, new CorrelationFilter { Label = rule.Subject, CorrelationId = rule.CorrelationId, To = rule.To });
    }
}
