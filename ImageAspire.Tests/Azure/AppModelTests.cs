#pragma warning disable IDE0005 // Versions of Aspire.Hosting.Testing differ in which of these they bring as global usings.
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Azure;
using Aspire.Hosting.Testing;
using ImageAspire.Core.Events;
using ImageAspire.Core.Pipeline;
using ImageAspire.Tests.Embedded;

namespace ImageAspire.Tests.Azure;

/// <summary>What the AppHost declares, without starting any of it.</summary>
public sealed class AppModelTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public async Task Run_NothingSaid_IsEmulatorsAndTheBuiltInAnalyser()
    {
        await using var app = await RunAsync();
        var names = Names(app);
        foreach (var wanted in (string[])["api", "worker", "api-key", "storage", "images", "uploads", "mongo", "imagesdb", "messaging", "image-events", "api-live"])
            names.ShouldContain(wanted);
        foreach (var provisioned in (string[])["vision", "aca", "logs", "appinsights"])
            names.ShouldNotContain(provisioned); // each would be created in Azure at F5
    }

    [Fact]
    public async Task Run_AnyMode_EveryStageHasItsSubscriptionWithItsRules()
    {
        await using var app = await RunAsync();
        foreach (var stage in Topology.DurableSubscriptions)
        {
            var subscription = app.Resources.OfType<AzureServiceBusSubscriptionResource>().Single(one => one.SubscriptionName == stage.Name);
            subscription.DeadLetteringOnMessageExpiration.ShouldBe(true);
            subscription.Rules.Select(rule => (rule.Name, rule.CorrelationFilter.Subject, rule.CorrelationFilter.SendTo))
                .ShouldBe(SubscriptionRules.Of(stage).Select(rule => (rule.Name, rule.Subject, rule.To)));
        }

        app.Resources.OfType<AzureServiceBusTopicResource>().ShouldHaveSingleItem().RequiresDuplicateDetection.ShouldBe(true);
    }

    [Fact]
    public async Task Run_BackendEmbedded_IsTwoProjectsAndNoContainer()
    {
        await using var app = await RunAsync("--Backend=Embedded", $"--DataFolder={_folder.Root}");
        Names(app).ShouldBe(["api", "api-key", "worker"], ignoreOrder: true);
        app.Resources.OfType<ContainerResource>().ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_Worker_TellsItsHealthOnAPortOfItsOwn()
    {
        await using var app = await RunAsync();
        var endpoint = Worker(app).Annotations.OfType<EndpointAnnotation>().ShouldHaveSingleItem();
        (endpoint.Name, endpoint.IsExternal).ShouldBe(("health", false));
        Worker(app).Annotations.OfType<HealthCheckAnnotation>().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Run_VisionLocal_IsTheServiceOfThisRepository()
    {
        await using var app = await RunAsync("--ImageAspire:Vision=local");
        foreach (var wanted in (string[])["local-vision", "vision", "vision-key"])
            Names(app).ShouldContain(wanted);
    }

    [Fact]
    public async Task Run_BackendEmbeddedWithAnotherAnalyser_IsRefused() =>
        (await Should.ThrowAsync<Exception>(() => RunAsync("--Backend=Embedded", "--ImageAspire:Vision=local"))).ToString().ShouldContain("ImageAspire:Vision is 'local'");

    [Fact]
    public async Task Run_SettingsThatAreWrong_AreNamedAllAtOnce()
    {
        var error = await Should.ThrowAsync<Exception>(() => RunAsync("--Backend=Moon", "--ImageAspire:Workers=0", "--ImageAspire:Vision=x"));
        var text = error.ToString();
        foreach (var key in (string[])["Backend is 'Moon'", "ImageAspire:Workers is '0'", "ImageAspire:Vision is 'x'"])
            text.ShouldContain(key);
    }

    [Fact]
    public async Task Publish_NothingSaid_IsAzureAndMongoIsAConnectionString()
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

#pragma warning disable ASPIREPROBES001 // Probes are marked experimental in 13.1.
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

    [Fact]
    public async Task Publish_BackendEmbedded_IsRefused() =>
        (await Should.ThrowAsync<Exception>(() => PublishAsync("--Backend=Embedded"))).ToString().ShouldContain("cannot be deployed");

    public void Dispose() => _folder.Dispose();

    private static IResource Worker(IDistributedApplicationTestingBuilder app) => app.Resources.Single(one => one.Name == "worker");

    private static IEnumerable<string> Names(IDistributedApplicationTestingBuilder app) => app.Resources.Select(one => one.Name);

    private static Task<IDistributedApplicationTestingBuilder> RunAsync(params string[] arguments) =>
        DistributedApplicationTestingBuilder.CreateAsync<Projects.ImageAspire_AppHost>([.. arguments, "--ImageAspire:Persistent=false"]);

    private Task<IDistributedApplicationTestingBuilder> PublishAsync(params string[] arguments) =>
        DistributedApplicationTestingBuilder.CreateAsync<Projects.ImageAspire_AppHost>(
            [.. arguments, "--operation", "publish", "--step", "publish-manifest", "--output-path", Path.Combine(_folder.Root, "manifest.json")]);
}
