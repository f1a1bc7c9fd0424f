#pragma warning disable IDE0005 // Versions of Aspire.Hosting.Testing differ in which of these they bring as global usings.
using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Azure.Messaging.ServiceBus;
using Azure.Messaging.ServiceBus.Administration;
using ImageAspire.ServiceBusEmulator.Hosting;
using ImageAspire.Tests.EndToEnd;
using Microsoft.Extensions.DependencyInjection;

namespace ImageAspire.Tests.ServiceBus;

/// <summary>The emulator as a resource of an AppHost, under the real orchestrator.</summary>
[Collection(WholeSystem.Name)]
[Trait("Category", "Slow")]
public sealed class AspireResourceTests : IAsyncLifetime
{
    private const string Name = "messaging";
    private readonly TempFolder _folder = new();
    private DistributedApplication _app = null!;

    public async ValueTask InitializeAsync()
    {
        // Where the orchestrator's program is, is written in the assembly of an AppHost.
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions
        {
            AssemblyName = typeof(Projects.ImageAspire_AppHost).Assembly.GetName().Name, DisableDashboard = true, AllowUnsecuredTransport = true,
        });
        builder.AddServiceBusEmulator(Name)
            .WithDataFolder(Path.Combine(_folder.Root, "messages"))
            .WithQueue("orders", queue => queue.RequiresSession = true)
            .WithTopic("events", topic => topic
                .AddSubscription("all")
                .AddSubscription("red", subscription => subscription.AddRule("color", new CorrelationFilter { Properties = new Dictionary<string, object> { ["color"] = "red" } }))
                .AddSubscription("large", subscription => subscription.AddRule("size", "size > 10", "SET class = 'large'")));
        _app = builder.Build();
        await _app.StartAsync();
        await HealthyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Clients_WithItsConnectionStrings_FindWhatWasDeclared()
    {
        await using var client = await ClientAsync();
        await using var sender = client.CreateSender("events");
        await sender.SendMessageAsync(new ServiceBusMessage("small") { ApplicationProperties = { ["color"] = "red", ["size"] = 1 } });
        await sender.SendMessageAsync(new ServiceBusMessage("big") { ApplicationProperties = { ["color"] = "blue", ["size"] = 11 } });

        (await BodiesAsync(client, "all")).ShouldBe(["small", "big"]);
        (await BodiesAsync(client, "red")).ShouldBe(["small"]);
        (await BodiesAsync(client, "large")).ShouldBe(["big"]);
        var administration = await AdministrationAsync();
        (await administration.GetQueueAsync("orders")).Value.RequiresSession.ShouldBeTrue();
        (await administration.GetRuleAsync("events", "large", "size")).Value.Action.ShouldBeOfType<SqlRuleAction>().SqlExpression.ShouldBe("SET class = 'large'");
    }

    [Fact]
    public async Task Killed_AndStartedAgain_HasItsMessagesAtTheSameAddress()
    {
        await using var client = await ClientAsync();
        await using var sender = client.CreateSender("events");
        await sender.SendMessageAsync(new ServiceBusMessage("kept"));

        await KillAsync();
        await CommandAsync(KnownResourceCommands.StartCommand);
        await HealthyAsync();

        (await BodiesAsync(client, "all")).ShouldBe(["kept"]);
    }

    [Fact]
    public async Task Reset_OnTheDashboard_LeavesTheDeclaredEntitiesEmpty()
    {
        var administration = await AdministrationAsync();
        await administration.CreateQueueAsync("made-by-hand");
        await using var client = await ClientAsync();
        await using (var sender = client.CreateSender("events"))
            await sender.SendMessageAsync(new ServiceBusMessage("x"));

        await CommandAsync("reset");

        (await administration.QueueExistsAsync("made-by-hand")).Value.ShouldBeFalse();
        (await administration.GetSubscriptionRuntimePropertiesAsync("events", "all")).Value.TotalMessageCount.ShouldBe(0);
    }

    private static async Task<List<string>> BodiesAsync(ServiceBusClient client, string subscription)
    {
        await using var receiver = client.CreateReceiver("events", subscription);
        return [.. (await receiver.PeekMessagesAsync(10)).Select(message => message.Body.ToString())];
    }

    private async Task<ServiceBusClient> ClientAsync() => new(await _app.GetConnectionStringAsync(Name));

    private async Task<ServiceBusAdministrationClient> AdministrationAsync()
    {
        var resource = _app.Services.GetRequiredService<DistributedApplicationModel>().Resources.OfType<ServiceBusEmulatorResource>().Single();
        return new ServiceBusAdministrationClient(await resource.AdministrationConnectionStringExpression.GetValueAsync(CancellationToken.None));
    }

    private async Task HealthyAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await _app.ResourceNotifications.WaitForResourceHealthyAsync(Name, WaitBehavior.WaitOnResourceUnavailable, limit.Token);
    }

    private async Task CommandAsync(string command) =>
        (await _app.Services.GetRequiredService<ResourceCommandService>().ExecuteCommandAsync(Name, command, CancellationToken.None)).Success.ShouldBeTrue();

    private async Task KillAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var running = await _app.ResourceNotifications.WaitForResourceAsync(Name, change => IdOf(change) is not null, limit.Token);
        using (var process = Process.GetProcessById(IdOf(running)!.Value))
            process.Kill();
        await _app.ResourceNotifications.WaitForResourceAsync(Name, change => KnownResourceStates.TerminalStates.Contains(change.Snapshot.State?.Text), limit.Token);
    }

    private static int? IdOf(ResourceEvent change) =>
        change.Snapshot.Properties.FirstOrDefault(one => one.Name == "executable.pid")?.Value is { } id ? Convert.ToInt32(id, CultureInfo.InvariantCulture) : null;
}
