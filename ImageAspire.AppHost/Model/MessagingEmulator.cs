using ImageAspire.Core.Events;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;
using ImageAspire.ServiceBusEmulator.Hosting;

namespace ImageAspire.AppHost.Model;

/// <summary>The topic and its subscriptions on the emulator of this repository, from the stage catalog.</summary>
internal static class MessagingEmulator
{
    // The Worker counts attempts itself and fails after five; this is a safety margin, as in the cloud.
    private const int MaxDeliveryCount = 10;

    /// <summary>Adds it. Messages are kept in the data folder.</summary>
    public static IResourceBuilder<ServiceBusEmulatorResource> AddMessagingEmulator(this IDistributedApplicationBuilder builder, AppHostSettings settings) =>
        builder.AddServiceBusEmulator("messaging")
            .WithDataFolder(Path.Combine(settings.DataFolder, "messaging"))
            .WithTopic(ImageEventTypes.Topic, topic =>
            {
                // The outbox may publish an event twice; duplicate detection drops the second.
                topic.Properties.RequiresDuplicateDetection = true;
                topic.Properties.DuplicateDetectionHistoryTimeWindow = TimeSpan.FromMinutes(10);
                topic.Properties.DefaultMessageTimeToLive = TimeSpan.FromDays(14);
                foreach (var stage in StageCatalog.Subscriptions)
                    topic.AddSubscription(stage.Name, subscription => subscription.Declare(stage));
            })
            .RestartAfterCrash(invalidSettings: 2);

    private static void Declare(this SubscriptionBuilder subscription, SubscriptionOptions stage)
    {
        subscription.Properties.LockDuration = stage.LockDuration;
        subscription.Properties.MaxDeliveryCount = MaxDeliveryCount;
        subscription.Properties.DeadLetteringOnMessageExpiration = true;
        subscription.Properties.DeadLetteringOnFilterEvaluationExceptions = true;
        foreach (var rule in SubscriptionRules.Of(stage))
            subscription.AddRule(rule.Name, new CorrelationFilter { Label = rule.Subject, CorrelationId = rule.CorrelationId, To = rule.To });
    }
}
