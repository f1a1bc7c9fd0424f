#pragma warning disable IDE0005 // Versions of Aspire.Hosting.Testing differ in which of these they bring as global usings.
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Azure.Messaging.ServiceBus;
using Azure.Messaging.ServiceBus.Administration;
using ImageAspire.AppHost.Model;
using ImageAspire.Azure.Topic;
using ImageAspire.Core.Pipeline;
using ImageAspire.ServiceBusEmulator;
using ImageAspire.ServiceBusEmulator.Hosting;
using Microsoft.Extensions.Options;

namespace ImageAspire.Tests.ServiceBus;

/// <summary>What an AppHost declares is what the emulator makes.</summary>
public sealed class DeclaredTopologyTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task AppHost_WithoutAConnectionStringForTheTopic_DeclaresTheStageCatalog()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.ImageAspire_AppHost>(
        [
            "--data", _folder.Root, "--api-port", $"{Ports.Free()}", "--dashboard-port", $"{Ports.Free()}", "--vision", "off", "--backend", "Azure",
            "--ConnectionStrings:imagesdb=x", "--ConnectionStrings:images=x", "--ConnectionStrings:uploads=x",
        ]);
        var emulator = builder.Resources.OfType<ServiceBusEmulatorResource>().ShouldHaveSingleItem();
        await using var server = await StartAsync(emulator.Entities);
        await using var client = new ServiceBusClient(server.ConnectionString);
        var tools = new ServiceBusTools(Options.Create(new MessagingOptions()), new SubscriptionAdministration(new ServiceBusAdministrationClient(server.AdministrationConnectionString)));

        (await new ServiceBusTopology(client, tools).CompareAsync(StageCatalog.Subscriptions, CancellationToken.None)).ShouldBeEmpty();
        emulator.Annotations.OfType<CrashRestartExtensions.RestartAnnotation>().ShouldHaveSingleItem();
        foreach (var service in (string[])["api", "worker"])
        {
            var context = new EnvironmentCallbackContext(builder.ExecutionContext, builder.Resources.Single(one => one.Name == service));
            foreach (var callback in context.Resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
                await callback.Callback(context);
            context.EnvironmentVariables.ShouldContainKey("ConnectionStrings__messaging");
            context.EnvironmentVariables.ShouldContainKey("ConnectionStrings__messaging-administration");
        }
    }

    [Fact]
    public async Task EveryProperty_ReachesTheEmulator()
    {
        var entities = new EmulatorEntities();
        entities.Queues.Add(new QueueDefinition("q", new QueueSettings
        {
            LockDuration = TimeSpan.FromSeconds(7), MaxDeliveryCount = 3, RequiresSession = true, DeadLetteringOnMessageExpiration = true, DefaultMessageTimeToLive = TimeSpan.FromDays(2),
            AutoDeleteOnIdle = TimeSpan.FromHours(3), ForwardDeadLetteredMessagesTo = "dead", RequiresDuplicateDetection = true, DuplicateDetectionHistoryTimeWindow = TimeSpan.FromMinutes(4),
        }));
        entities.Queues.Add(new QueueDefinition("dead", new QueueSettings()));
        await using var server = await StartAsync(entities);

        var queue = (await new ServiceBusAdministrationClient(server.AdministrationConnectionString).GetQueueAsync("q")).Value;

        (queue.LockDuration, queue.MaxDeliveryCount, queue.RequiresSession, queue.DeadLetteringOnMessageExpiration).ShouldBe((TimeSpan.FromSeconds(7), 3, true, true));
        (queue.DefaultMessageTimeToLive, queue.AutoDeleteOnIdle, queue.RequiresDuplicateDetection, queue.DuplicateDetectionHistoryTimeWindow)
            .ShouldBe((TimeSpan.FromDays(2), TimeSpan.FromHours(3), true, TimeSpan.FromMinutes(4)));
        queue.ForwardDeadLetteredMessagesTo.ShouldEndWith("dead");
    }

    private async Task<ServiceBusEmulatorServer> StartAsync(EmulatorEntities entities)
    {
        var file = Path.Combine(_folder.Root, "Config.json");
        await File.WriteAllBytesAsync(file, EmulatorConfigFile.ToJson(entities));
        return await ServiceBusEmulatorServer.StartAsync(new ServiceBusEmulatorOptions { AmqpPort = 0, AdministrationPort = 0, ConfigFile = file });
    }
}
