using ImageAspire.Core.Pipeline;

#pragma warning disable IDE0005 // Versions of Aspire.Hosting.Testing differ in which of these they bring as global usings.
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Azure;
using Aspire.Hosting.Testing;
using ImageAspire.AppHost.Azure;
using ImageAspire.AppHost.Model;
using ImageAspire.Tests.AppHost;
using Microsoft.Extensions.Configuration;

namespace ImageAspire.Tests.Azure;

/// <summary>What the AppHost declares on Aspire's Azure packages, without starting any of it.</summary>
public sealed class AppModelTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public async Task Run_BackendAzure_IsEmulatorsAndNothingInAzure()
    {
        await using var app = await RunAsync();
        var names = Names(app);
        foreach (var wanted in (string[])["api", "worker", "api-key", "storage", "images", "uploads", "mongo", "imagesdb", "messaging", "image-events", "api-live"])
            names.ShouldContain(wanted);
        foreach (var provisioned in (string[])["vision", "aca", "logs", "appinsights"])
            names.ShouldNotContain(provisioned); // each would be created in Azure at F5
    }

    [Fact]
    public async Task Run_SomeConnectionStrings_EmulatesTheOthers()
    {
        await using var app = await RunAsync("--ConnectionStrings:imagesdb=mongodb://host/imagesdb");
        Names(app).ShouldNotContain("mongo");
        foreach (var wanted in (string[])["storage", "images", "uploads", "imagesdb", "messaging", "image-events"])
            Names(app).ShouldContain(wanted);
    }

    [Fact]
    public async Task Run_OneContainerOfTwo_IsRefused() =>
        await Should.ThrowAsync<Exception>(() => RunAsync("--ConnectionStrings:images=x"));

    // The emulators without containers are made from the same declarations: AppHost/AzureEmulatorsTests.cs.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Topic_RunOrPublished_IsAsDeclared(bool isRun)
    {
        await using var app = await (isRun ? RunAsync() : PublishAsync());
        var declared = isRun ? AzureTopology.TopicOnOfficialEmulator : AzureTopology.Topic;
        var topic = app.Resources.OfType<AzureServiceBusTopicResource>().ShouldHaveSingleItem();
        (topic.TopicName, topic.RequiresDuplicateDetection, topic.DuplicateDetectionHistoryTimeWindow, topic.DefaultMessageTimeToLive)
            .ShouldBe((declared.Name, true, declared.DuplicateDetection, declared.TimeToLive));
        var subscriptions = app.Resources.OfType<AzureServiceBusSubscriptionResource>().Where(one => one.SubscriptionName != "api-live").ToList();
        subscriptions.ShouldAllBe(one => one.DeadLetteringOnMessageExpiration == true);
        subscriptions.Select(one => Declarations.Text(new SubscriptionDeclaration(one.SubscriptionName, one.LockDuration!.Value, one.MaxDeliveryCount!.Value,
            [.. one.Rules.Select(rule => new SubscriptionRule(rule.Name, rule.CorrelationFilter.Subject, rule.CorrelationFilter.CorrelationId, rule.CorrelationFilter.SendTo))])))
            .ShouldBe(Declarations.Expected);
        app.Resources.OfType<AzureBlobStorageContainerResource>().Select(one => one.Name).ShouldBe(AzureTopology.Containers);
    }

    [Fact]
    public void Settings_SeveralWrong_AreNamedAllAtOnce()
    {
        var reader = new SettingsReader(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ImageAspire:Persistent"] = "maybe", ["ImageAspire:Scale:MinWorkers"] = "11", ["ImageAspire:Scale:MinApis"] = "-1", ["ImageAspire:Scale:MaxApis"] = "0",
        }).Build());
        AzureSettings.Read(reader);
        reader.Errors.ShouldBe(
        [
            "ImageAspire:Persistent is 'maybe'; it must be true or false.",
            "ImageAspire:Scale:MinApis is '-1'; it must be a whole number from 0 to 300.",
            "ImageAspire:Scale:MaxApis is '0'; it must be a whole number from 1 to 300.",
            "ImageAspire:Scale:MinWorkers is larger than ImageAspire:Scale:MaxWorkers.",
        ]);
    }

    [Fact]
    public async Task Publish_Defaults_IsAzureWithMongoAsConnectionString()
    {
        await using var app = await PublishAsync();
        var names = Names(app);
        foreach (var wanted in (string[])["api", "worker", "vision", "aca", "logs", "appinsights", "imagesdb", "worker-id"])
            names.ShouldContain(wanted);
        names.ShouldNotContain("mongo"); // its volume would be an SMB share
        names.ShouldNotContain("api-live"); // each instance of the Api makes its own
        app.Resources.OfType<ContainerResource>().ShouldBeEmpty();
    }

    [Fact]
    public async Task Publish_Rights_AreListedForEachService()
    {
        await using var app = await PublishAsync();
        foreach (var service in (string[])["api", "worker"])
        {
            var roles = app.Resources.Single(one => one.Name == service).Annotations.OfType<RoleAssignmentAnnotation>()
                .ToDictionary(one => one.Target.Name, one => one.Roles.Select(role => role.Name).ToList());
            roles["storage"].ShouldBe(["StorageBlobDataContributor"]);
            roles["messaging"].ShouldBe(["AzureServiceBusDataOwner"]);
        }
    }

#pragma warning disable ASPIREPROBES001 // Probes are marked experimental.
    [Fact]
    public async Task Publish_Api_IsProbedForLifeAndForReadiness()
    {
        await using var app = await PublishAsync();
        app.Resources.Single(one => one.Name == "api").Annotations.OfType<EndpointProbeAnnotation>().Select(probe => (probe.Type, probe.Path))
            .ShouldBe([(ProbeType.Liveness, "/alive"), (ProbeType.Readiness, "/health")], ignoreOrder: true);
    }
#pragma warning restore ASPIREPROBES001

    [Fact]
    public async Task Publish_Worker_HasNoIngress()
    {
        await using var app = await PublishAsync();
        Worker(app).Annotations.OfType<EndpointAnnotation>().ShouldBeEmpty();
    }

    public void Dispose() => _folder.Dispose();

    private static IResource Worker(IDistributedApplicationTestingBuilder app) => app.Resources.Single(one => one.Name == "worker");

    private static IEnumerable<string> Names(IDistributedApplicationTestingBuilder app) => app.Resources.Select(one => one.Name);

    private Task<IDistributedApplicationTestingBuilder> RunAsync(params string[] arguments) =>
        DistributedApplicationTestingBuilder.CreateAsync<Projects.ImageAspire_AppHost>(
        [
            "--backend", "Azure", "--vision", "off", "--data", _folder.Root, "--api-port", $"{Ports.Free()}", "--dashboard-port", $"{Ports.Free()}",
            "--ImageAspire:Persistent=false", .. arguments,
        ]);

    private Task<IDistributedApplicationTestingBuilder> PublishAsync(params string[] arguments) =>
        DistributedApplicationTestingBuilder.CreateAsync<Projects.ImageAspire_AppHost>(
            [.. arguments, "--operation", "publish", "--step", "publish-manifest", "--output-path", Path.Combine(_folder.Root, "manifest.json")]);
}
