using ImageAspire.Core.Pipeline;

#pragma warning disable IDE0005 // Versions of Aspire.Hosting.Testing differ in which of these they bring as global usings.
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Azure;
using Aspire.Hosting.Testing;
using ImageAspire.AppHost.Azure;
using ImageAspire.AppHost.Model;
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
    public async Task Run_SomeConnectionStrings_IsRefused() =>
        await Should.ThrowAsync<Exception>(() => RunAsync("--ConnectionStrings:imagesdb=mongodb://host/imagesdb"));

    [Fact]
    public async Task Run_AnyMode_EveryStageHasItsSubscriptionWithItsRules()
    {
        await using var app = await RunAsync();
        foreach (var stage in StageCatalog.Subscriptions)
        {
            var subscription = app.Resources.OfType<AzureServiceBusSubscriptionResource>().Single(one => one.SubscriptionName == stage.Name);
            subscription.DeadLetteringOnMessageExpiration.ShouldBe(true);
            subscription.Rules.Select(rule => (rule.Name, rule.CorrelationFilter.Subject, rule.CorrelationFilter.SendTo))
                .ShouldBe(SubscriptionRules.Of(stage).Select(rule => (rule.Name, rule.Subject, rule.To)));
        }

        app.Resources.OfType<AzureServiceBusTopicResource>().ShouldHaveSingleItem().RequiresDuplicateDetection.ShouldBe(true);
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
