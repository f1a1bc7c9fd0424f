#pragma warning disable IDE0005 // Versions of Aspire.Hosting.Testing differ in which of these they bring as global usings.
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using ImageAspire.AppHost.Model;

namespace ImageAspire.Tests.AppHost;

/// <summary>What the AppHost declares, without starting any of it.</summary>
public sealed class AppModelTests : IDisposable
{
    private const string Key = "a-key-that-only-these-tests-know";
    private readonly TempFolder _folder = new();

    [Fact]
    public async Task Run_BackendEmbedded_IsApiAndWorkerAndNoContainer()
    {
        await using var app = await RunAsync();
        app.Resources.Select(one => one.Name).ShouldBe(["api", "api-key", "worker"], ignoreOrder: true);
        app.Resources.OfType<ContainerResource>().ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_SeveralWorkers_AreNumbered()
    {
        await using var app = await RunAsync("--workers", "3");
        app.Resources.Select(one => one.Name).ShouldBe(["api", "api-key", "worker-1", "worker-2", "worker-3"], ignoreOrder: true);
    }

    [Fact]
    public async Task Run_EveryService_HasHealthAndComesBackAfterACrash()
    {
        await using var app = await RunAsync("--workers", "2");
        foreach (var service in app.Resources.OfType<IResourceWithEndpoints>())
        {
            service.Annotations.OfType<HealthCheckAnnotation>().Count().ShouldBe(1, service.Name);
            service.Annotations.OfType<CrashRestartExtensions.RestartAnnotation>().ShouldHaveSingleItem().InvalidSettings.ShouldBe(1);
        }
    }

    [Fact]
    public async Task Run_Worker_TellsItsHealthOnAPortOfItsOwn()
    {
        await using var app = await RunAsync();
        var endpoint = Service(app, "worker").Annotations.OfType<EndpointAnnotation>().ShouldHaveSingleItem();
        (endpoint.Name, endpoint.IsExternal, endpoint.IsProxied).ShouldBe(("http", false, false));
    }

    [Fact]
    public async Task Run_Api_HasTheOperatorsCommands()
    {
        await using var app = await RunAsync();
        var commands = Service(app, "api").Annotations.OfType<ResourceCommandAnnotation>().Select(command => command.Name).ToList();
        foreach (var command in (string[])["retry-dead-letters", "pause-analysis", "resume-analysis", "sign-in"])
            commands.ShouldContain(command);
    }

    [Fact]
    public async Task Run_Environment_HasTheFolderAndNoKey()
    {
        await using var app = await RunAsync();
        var environment = await EnvironmentAsync(app, "api");
        environment["Backend"].ShouldBe("Embedded");
        environment["Embedded__DataFolder"].ShouldBe(_folder.Root);
        environment.ShouldContainKey("Access__Keys__0__Sha256");
        environment.Values.OfType<string>().ShouldNotContain(value => value.Contains(Key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_BackendAzureWithConnections_UsesWhatRunsAlready()
    {
        string[] names = ["imagesdb", "images", "uploads", "messaging"];
        await using var app = await RunAsync(["--backend", "Azure", .. names.Select(name => $"--ConnectionStrings:{name}=x")]);
        app.Resources.OfType<IResourceWithConnectionString>().Select(one => one.Name).ShouldBe(names, ignoreOrder: true);
        app.Resources.OfType<ContainerResource>().ShouldBeEmpty();
        foreach (var service in (string[])["api", "worker"])
        {
            var environment = await EnvironmentAsync(app, service);
            environment["Backend"].ShouldBe("Azure");
            foreach (var name in names)
                environment.ShouldContainKey($"ConnectionStrings__{name}");
        }
    }

    [Fact]
    public async Task Run_VisionAzure_IsForWorkersOnly()
    {
        await using var app = await RunAsync("--vision", "azure", "--ConnectionStrings:vision=https://vision.example/");
        (await EnvironmentAsync(app, "worker")).ShouldContainKey("ConnectionStrings__vision");
        (await EnvironmentAsync(app, "api")).ShouldContainKey("ConnectionStrings__vision"); // searches by meaning
    }

    [Fact]
    public async Task Run_SettingsThatAreWrong_StartNothing() =>
        await Should.ThrowAsync<Exception>(() => RunAsync("--workers", "many"));

    public void Dispose() => _folder.Dispose();

    private static IResource Service(IDistributedApplicationTestingBuilder app, string name) => app.Resources.Single(one => one.Name == name);

    private static async Task<Dictionary<string, object>> EnvironmentAsync(IDistributedApplicationTestingBuilder app, string service)
    {
        var context = new EnvironmentCallbackContext(app.ExecutionContext, Service(app, service));
        foreach (var callback in context.Resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
            await callback.Callback(context);
        return context.EnvironmentVariables;
    }

    private Task<IDistributedApplicationTestingBuilder> RunAsync(params string[] arguments) =>
        DistributedApplicationTestingBuilder.CreateAsync<Projects.ImageAspire_AppHost>(
        [
            "--data", _folder.Root, "--api-port", $"{Ports.Free()}", "--dashboard-port", $"{Ports.Free()}", "--api-key", Key,
            .. arguments.Contains("--vision") ? [] : (string[])["--vision", "off"], .. arguments,
        ]);
}
