using Aspire.Hosting.Azure;
using Azure.Provisioning.ServiceBus;
using ImageAspire.AppHost.Model;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;

namespace ImageAspire.AppHost.Azure;

/// <summary>The topic and its subscriptions, as <see cref="AzureTopology"/> declares them.</summary>
internal static class Messaging
{
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

    /// <summary>The topic with one subscription for each stage.</summary>
    public static DeclaredMessaging AddTopic(this IResourceBuilder<AzureServiceBusResource> messaging, AppHostSettings settings)
    {
        var declared = settings.IsRun ? AzureTopology.TopicOnOfficialEmulator : AzureTopology.Topic;
        var topic = messaging.AddServiceBusTopic(declared.Name).WithProperties(added =>
        {
            added.RequiresDuplicateDetection = true;
            added.DuplicateDetectionHistoryTimeWindow = declared.DuplicateDetection;
            added.DefaultMessageTimeToLive = declared.TimeToLive;
        });
        return new DeclaredMessaging(messaging, topic, [.. AzureTopology.Subscriptions.Select(subscription => topic.Declare(subscription))]);
    }

    /// <summary>Connects the services; the Workers wait for every subscription.</summary>
    public static void ConnectTo(
        this DeclaredMessaging messaging, IResourceBuilder<ProjectResource> api, IReadOnlyList<IResourceBuilder<ProjectResource>> workers, AppHostSettings settings)
    {
        api.WithReference(messaging.Namespace).WaitFor(messaging.Topic).WithLiveFeed(messaging.Topic, settings);
        foreach (var worker in workers)
        {
            worker.WithReference(messaging.Namespace);
            foreach (var subscription in messaging.Subscriptions)
                worker.WaitFor(subscription);
        }
    }

    private static IResourceBuilder<AzureServiceBusSubscriptionResource> Declare(this IResourceBuilder<AzureServiceBusTopicResource> topic, SubscriptionDeclaration declared) =>
        topic.AddServiceBusSubscription(declared.Name).WithProperties(subscription =>
        {
            subscription.LockDuration = declared.LockDuration;
            subscription.MaxDeliveryCount = declared.MaxDeliveryCount;
            subscription.DeadLetteringOnMessageExpiration = true;
            subscription.AddRules(declared.Rules);
        });

    /// <summary>
    /// The live feed. In Azure each instance of the Api creates an instance subscription, which is deleted with it. Aspire has no endpoint for the
    /// emulator's administration API, so there one is declared for all instances.
    /// </summary>
    private static IResourceBuilder<ProjectResource> WithLiveFeed(
        this IResourceBuilder<ProjectResource> api, IResourceBuilder<AzureServiceBusTopicResource> topic, AppHostSettings settings)
    {
        if (!settings.IsRun)
            return api;
        var live = topic.AddServiceBusSubscription(LiveSubscription).WithProperties(subscription =>
        {
            subscription.DefaultMessageTimeToLive = TimeSpan.FromMinutes(5);
            subscription.DeadLetteringOnMessageExpiration = false;
            subscription.AddRules(SubscriptionRules.Of(new SubscriptionOptions(LiveSubscription)));
        });
        return api.WithEnvironment("Messaging__LiveSubscription", LiveSubscription).WaitFor(live);
    }

    private static void AddRules(this AzureServiceBusSubscriptionResource subscription, IEnumerable<SubscriptionRule> rules)
    {
        foreach (var rule in rules)
        {
            subscription.Rules.Add(new AzureServiceBusRule(rule.Name)
            {
                CorrelationFilter = new AzureServiceBusCorrelationFilter { Subject = rule.Subject, CorrelationId = rule.CorrelationId, SendTo = rule.To },
            });
        }
    }
}

/// <summary>The namespace with its topic and subscriptions.</summary>
/// <param name="Namespace">The namespace.</param>
/// <param name="Topic">Its topic.</param>
/// <param name="Subscriptions">One for each stage.</param>
internal sealed record DeclaredMessaging(
    IResourceBuilder<AzureServiceBusResource> Namespace, IResourceBuilder<AzureServiceBusTopicResource> Topic, IReadOnlyList<IResourceBuilder<AzureServiceBusSubscriptionResource>> Subscriptions);
