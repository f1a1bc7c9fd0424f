using Aspire.Hosting.Azure;
using Azure.Provisioning.ServiceBus;
using ImageAspire.AppHost.Model;
using ImageAspire.Core.Events;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;

namespace ImageAspire.AppHost.Azure;

/// <summary>The topic and its subscriptions, from the stage catalog.</summary>
internal static class Messaging
{
    // The Worker counts attempts itself and fails after five; this is a safety margin, and the emulator's maximum.
    private const int MaxDeliveryCount = 10;
    private const string LiveSubscription = "api-live";

    /// <summary>Service Bus; its emulator in a local run, which includes a SQL Server and needs half a minute to start.</summary>
    public static IResourceBuilder<AzureServiceBusResource> AddMessaging(this IDistributedApplicationBuilder builder, AzureSettings azure) =>
        builder.AddAzureServiceBus("messaging")
            .RunAsEmulator(emulator =>
            {
                if (azure.Persistent)
                    emulator.WithLifetime(ContainerLifetime.Persistent);
            })
            .ConfigureInfrastructure(infrastructure =>
            {
                // A message that a filter cannot evaluate is dead-lettered, not dropped.
                foreach (var subscription in infrastructure.GetProvisionableResources().OfType<ServiceBusSubscription>())
                    subscription.DeadLetteringOnFilterEvaluationExceptions = true;
            });

    /// <summary>The topic. The outbox may publish an event twice; duplicate detection drops the second.</summary>
    public static IResourceBuilder<AzureServiceBusTopicResource> AddImageEvents(this IResourceBuilder<AzureServiceBusResource> messaging, AppHostSettings settings) =>
        messaging.AddServiceBusTopic(ImageEventTypes.Topic)
            .WithProperties(topic =>
            {
                topic.RequiresDuplicateDetection = true;
                // The emulator's maximum.
                topic.DuplicateDetectionHistoryTimeWindow = settings.IsRun ? TimeSpan.FromMinutes(5) : TimeSpan.FromMinutes(10);
                topic.DefaultMessageTimeToLive = settings.IsRun ? TimeSpan.FromHours(1) : TimeSpan.FromDays(14);
            });

    /// <summary>The subscription of one stage: peek-lock, renewed by the Worker; what expires goes to the dead-letter queue.</summary>
    public static IResourceBuilder<AzureServiceBusSubscriptionResource> AddStage(
        this IResourceBuilder<AzureServiceBusTopicResource> topic, SubscriptionOptions stage) =>
        topic.AddServiceBusSubscription(stage.Name).WithProperties(subscription =>
        {
            subscription.LockDuration = stage.LockDuration;
            subscription.MaxDeliveryCount = MaxDeliveryCount;
            subscription.DeadLetteringOnMessageExpiration = true;
            subscription.AddRules(stage);
        });

    /// <summary>
    /// The live feed. In Azure each instance of the Api creates an instance subscription, which is deleted with it. Aspire has no endpoint for the
    /// emulator's administration API, so there one is declared for all instances.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithLiveFeed(
        this IResourceBuilder<ProjectResource> api, IResourceBuilder<AzureServiceBusTopicResource> topic, AppHostSettings settings)
    {
        if (!settings.IsRun)
            return api;
        var live = topic.AddServiceBusSubscription(LiveSubscription).WithProperties(subscription =>
        {
            subscription.DefaultMessageTimeToLive = TimeSpan.FromMinutes(5);
            subscription.DeadLetteringOnMessageExpiration = false;
            subscription.AddRules(new SubscriptionOptions(LiveSubscription));
        });
        return api.WithEnvironment("Messaging__LiveSubscription", LiveSubscription).WaitFor(live);
    }

    /// <summary>Waits for every subscription.</summary>
    public static IResourceBuilder<ProjectResource> WaitForAll(
        this IResourceBuilder<ProjectResource> service, IEnumerable<IResourceBuilder<AzureServiceBusSubscriptionResource>> subscriptions) =>
        subscriptions.Aggregate(service, (waiting, subscription) => waiting.WaitFor(subscription));

    private static void AddRules(this AzureServiceBusSubscriptionResource subscription, SubscriptionOptions options)
    {
        foreach (var rule in SubscriptionRules.Of(options))
        {
            subscription.Rules.Add(new AzureServiceBusRule(rule.Name)
            {
                CorrelationFilter = new AzureServiceBusCorrelationFilter { Subject = rule.Subject, CorrelationId = rule.CorrelationId, SendTo = rule.To },
            });
        }
    }
}
