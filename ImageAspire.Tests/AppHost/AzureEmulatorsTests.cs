#pragma warning disable IDE0005 // Versions of Aspire.Hosting.Testing differ in which of these they bring as global usings.
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using ImageAspire.AppHost.Emulators;
using ImageAspire.AppHost.Model;
using ImageAspire.Core.Pipeline;
using ImageAspire.ServiceBusEmulator.Hosting;
using ImageAspire.Tests.Requirements;

namespace ImageAspire.Tests.AppHost;

/// <summary>The Azure backend without Aspire's Azure packages: what the AppHost declares, without starting any of it.</summary>
public sealed class AzureEmulatorsTests : IDisposable
{
    private static readonly string[] Emulators = ["documents", "messaging", "storage"];
    private static readonly string[] Connections = ["imagesdb", "images", "uploads", "messaging", "messaging-administration"];
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Run_NoConnectionString_IsThreeEmulatorsAndNoContainer()
    {
        NodePackages.Azurite.Require();
        await using var app = await RunAsync();

        app.Resources.Select(one => one.Name).ShouldBe(["api", "api-key", "storage-key", "worker", .. Emulators], ignoreOrder: true);
        app.Resources.OfType<ContainerResource>().ShouldBeEmpty();
        foreach (var emulator in app.Resources.Where(one => Emulators.Contains(one.Name)))
        {
            emulator.Annotations.OfType<HealthCheckAnnotation>().ShouldHaveSingleItem(emulator.Name);
            emulator.Annotations.OfType<CrashRestartExtensions.RestartAnnotation>().ShouldHaveSingleItem(emulator.Name);
        }

        foreach (var service in (string[])["api", "worker"])
        {
            var resource = app.Resources.Single(one => one.Name == service);
            resource.Annotations.OfType<WaitAnnotation>().Select(wait => wait.Resource.Name).ShouldBe(Emulators, ignoreOrder: true);
            var environment = await EnvironmentAsync(app, resource);
            environment["Backend"].ShouldBe("Azure");
            foreach (var name in Connections)
                environment.ShouldContainKey($"ConnectionStrings__{name}");
        }
    }

    [Theory]
    [InlineData("messaging storage", "imagesdb")]
    [InlineData("documents messaging", "images", "uploads")]
    [InlineData("documents storage", "messaging")]
    [InlineData("documents", "images", "uploads", "messaging")]
    [InlineData("messaging", "imagesdb", "images", "uploads")]
    [InlineData("storage", "imagesdb", "messaging", "messaging-administration")]
    public async Task Run_SomeConnectionStrings_EmulatesTheOthers(string emulators, params string[] given)
    {
        NodePackages.Azurite.Require();
        await using var app = await RunAsync([.. given.Select(name => $"--ConnectionStrings:{name}=x")]);

        app.Resources.OfType<ExecutableResource>().Where(one => Emulators.Contains(one.Name)).Select(one => one.Name).Order().ShouldBe(emulators.Split(' '));
        app.Resources.OfType<IResourceWithConnectionString>().Where(one => one is ParameterResource).Select(one => one.Name).ShouldBe(given, ignoreOrder: true);
        var environment = await EnvironmentAsync(app, app.Resources.Single(one => one.Name == "worker"));
        foreach (var name in Connections.Except(given.Contains("messaging") ? ["messaging-administration"] : []))
            environment.ShouldContainKey($"ConnectionStrings__{name}");
    }

    [Fact]
    public async Task Run_OneContainerOfTwo_IsRefused() =>
        await Should.ThrowAsync<Exception>(() => RunAsync("--ConnectionStrings:images=x"));

    [Fact]
    public async Task Run_DataOfAnotherAppHost_IsRefused()
    {
        NodePackages.Azurite.Require();
        using var other = new EmulatorLock(_folder.Root);
        await other.StartingAsync(CancellationToken.None);

        await Should.ThrowAsync<Exception>(() => RunAsync());
        other.Dispose();

        await using var app = await RunAsync();
    }

    [Fact]
    public async Task Run_Topic_IsAsDeclared()
    {
        NodePackages.Azurite.Require();
        await using var app = await RunAsync();

        var topic = app.Resources.OfType<ServiceBusEmulatorResource>().Single().Entities.Topics.ShouldHaveSingleItem();

        (topic.Name, topic.Properties.RequiresDuplicateDetection, topic.Properties.DuplicateDetectionHistoryTimeWindow, topic.Properties.DefaultMessageTimeToLive)
            .ShouldBe((AzureTopology.Topic.Name, true, AzureTopology.Topic.DuplicateDetection, AzureTopology.Topic.TimeToLive));
        topic.Subscriptions.ShouldAllBe(one => one.Properties.DeadLetteringOnMessageExpiration == true && one.Properties.DeadLetteringOnFilterEvaluationExceptions == true);
        topic.Subscriptions.Select(one => Declarations.Text(new SubscriptionDeclaration(one.Name, one.Properties.LockDuration!.Value, one.Properties.MaxDeliveryCount!.Value,
            [.. one.Rules.Select(rule => new SubscriptionRule(rule.Name, rule.Properties.CorrelationFilter!.Label, rule.Properties.CorrelationFilter.CorrelationId, rule.Properties.CorrelationFilter.To))])))
            .ShouldBe(Declarations.Expected);
    }

    [Fact]
    public async Task Run_KeyOfTheStorage_IsInNoArgument()
    {
        NodePackages.Azurite.Require();
        await using var app = await RunAsync();
        var key = await app.Resources.OfType<ParameterResource>().Single(one => one.Name == "storage-key").GetValueAsync(CancellationToken.None);

        Convert.FromBase64String(key!).Length.ShouldBeGreaterThanOrEqualTo(32);
        foreach (var emulator in app.Resources.OfType<ExecutableResource>())
        {
            var arguments = new List<object>();
            foreach (var callback in emulator.Annotations.OfType<CommandLineArgsCallbackAnnotation>())
                await callback.Callback(new CommandLineArgsCallbackContext(arguments, emulator) { ExecutionContext = new DistributedApplicationExecutionContext(DistributedApplicationOperation.Publish) });
            string.Join(' ', arguments).ShouldNotContain(key!);
        }
    }

    private static async Task<Dictionary<string, object>> EnvironmentAsync(IDistributedApplicationTestingBuilder app, IResource service)
    {
        var context = new EnvironmentCallbackContext(app.ExecutionContext, service);
        foreach (var callback in service.Annotations.OfType<EnvironmentCallbackAnnotation>())
            await callback.Callback(context);
        return context.EnvironmentVariables;
    }

    private Task<IDistributedApplicationTestingBuilder> RunAsync(params string[] arguments) =>
        DistributedApplicationTestingBuilder.CreateAsync<Projects.ImageAspire_AppHost>(
            ["--data", _folder.Root, "--api-port", $"{Ports.Free()}", "--dashboard-port", $"{Ports.Free()}", "--vision", "off", "--backend", "Azure", .. arguments]);
}
