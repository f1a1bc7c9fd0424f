using Aspire.Hosting.Azure;
using Azure.Provisioning.AppContainers;
using Azure.Provisioning.ServiceBus;
using Azure.Provisioning.Storage;

namespace ImageAspire.AppHost.Azure;

/// <summary>How the services run in Azure: environment, permissions and scale.</summary>
internal static class ContainerApps
{
    // For the Worker to finish its work in flight; its host waits 30 seconds.
    private const int GraceSeconds = 60;

    /// <summary>The environment, its logs and Application Insights.</summary>
    public static void AddContainerApps(this IDistributedApplicationBuilder builder, IEnumerable<IResourceBuilder<ProjectResource>> services)
    {
        var logs = builder.AddAzureLogAnalyticsWorkspace("logs");
        builder.AddAzureContainerAppEnvironment("aca").WithAzureLogAnalyticsWorkspace(logs);
        var insights = builder.AddAzureApplicationInsights("appinsights", logs);
        foreach (var service in services)
            service.WithReference(insights);
    }

    /// <summary>The Api scales by concurrent requests. It is owner of the topic's data, because each instance creates an instance subscription.</summary>
    public static void RunApiOnContainerApps(
        this IResourceBuilder<ProjectResource> api, IResourceBuilder<AzureStorageResource> storage, IResourceBuilder<AzureServiceBusResource> messaging,
        AzureSettings azure) => api
        .WithHealthProbes()
        .WithRoleAssignments(storage, StorageBuiltInRole.StorageBlobDataContributor)
        .WithRoleAssignments(messaging, ServiceBusBuiltInRole.AzureServiceBusDataOwner)
        .PublishAsAzureContainerApp((_, app) =>
        {
            app.SetSize(cpu: 0.5, memory: "1.0Gi");
            app.Template.Scale = new ContainerAppScale
            {
                MinReplicas = azure.MinApis, MaxReplicas = azure.MaxApis,
                Rules =
                {
                    new ContainerAppScaleRule
                    {
                        Name = "requests", Http = new ContainerAppHttpScaleRule { Metadata = { ["concurrentRequests"] = "50" } },
                    },
                },
            };
        });

    /// <summary>
    /// The Worker scales by the length of its subscriptions, down to zero. The scaler queries Service Bus with the Worker's identity, which
    /// needs the permission to manage for that.
    /// </summary>
    public static void RunWorkerOnContainerApps(
        this IResourceBuilder<ProjectResource> worker, IResourceBuilder<AzureStorageResource> storage, IResourceBuilder<AzureServiceBusResource> messaging,
        IResourceBuilder<AzureServiceBusTopicResource> topic, IReadOnlyList<IResourceBuilder<AzureServiceBusSubscriptionResource>> subscriptions, AzureSettings azure)
    {
        var identity = worker.ApplicationBuilder.AddAzureUserAssignedIdentity("worker-id");
        worker
            .WithAzureUserAssignedIdentity(identity)
            .WithRoleAssignments(storage, StorageBuiltInRole.StorageBlobDataContributor)
            .WithRoleAssignments(messaging, ServiceBusBuiltInRole.AzureServiceBusDataOwner)
            // Listing all blobs and reading each record costs operations; orphans are rare, so once a day is enough.
            .WithEnvironment("Worker__OrphanSweepInterval", "1.00:00:00")
            // One child process decodes. 100 megapixels are 400 MB; its hard limit is a quarter above, and the rest of the GiB is the Worker's own.
            .WithEnvironment("Imaging__Decoders", "1")
            .WithEnvironment("Imaging__DecoderMemoryBytes", "536870912")
            .PublishAsAzureContainerApp((infrastructure, app) =>
            {
                app.SetSize(cpu: 0.5, memory: "1.0Gi"); // half a processor decodes one image at a time; the decoder's share is above
                app.Template.TerminationGracePeriodSeconds = GraceSeconds;
                var scale = new ContainerAppScale
                {
                    MinReplicas = azure.MinWorkers, MaxReplicas = azure.MaxWorkers, PollingInterval = 15, CooldownPeriod = 120,
                };
                foreach (var subscription in subscriptions)
                {
                    scale.Rules.Add(new ContainerAppScaleRule
                    {
                        Name = subscription.Resource.SubscriptionName,
                        Custom = new ContainerAppCustomScaleRule
                        {
                            CustomScaleRuleType = "azure-servicebus",
                            Metadata =
                            {
                                ["namespace"] = messaging.Resource.NameOutputReference.AsProvisioningParameter(infrastructure),
                                ["topicName"] = topic.Resource.TopicName,
                                ["subscriptionName"] = subscription.Resource.SubscriptionName,
                                ["messageCount"] = "5",
                                ["activationMessageCount"] = "0",
                            },
                            Identity = identity.Resource.Id.AsProvisioningParameter(infrastructure),
                        },
                    });
                }

                app.Template.Scale = scale;
            });
    }

    private static void SetSize(this ContainerApp app, double cpu, string memory) =>
        app.Template.Containers[0].Value!.Resources = new AppContainerResources { Cpu = cpu, Memory = memory };

#pragma warning disable ASPIREPROBES001 // Probes are marked experimental; without them Container Apps only looks whether the port is open.
    // The Worker has no endpoint, and so no probes.
    private static IResourceBuilder<ProjectResource> WithHealthProbes(this IResourceBuilder<ProjectResource> api) => api
        .WithHttpProbe(ProbeType.Liveness, "/alive", periodSeconds: 10, failureThreshold: 3)
        .WithHttpProbe(ProbeType.Readiness, "/health", periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3);
#pragma warning restore ASPIREPROBES001
}
