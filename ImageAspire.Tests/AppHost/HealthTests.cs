using System.Net;
using System.Text.Json;
using ImageAspire.ServiceDefaults;
using ImageAspire.ServiceDefaults.Health;
using ImageAspire.Tests.Embedded;
using ImageAspire.Tests.EndToEnd;
using ImageAspire.Tests.Vision;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ImageAspire.Tests.AppHost;

/// <summary>What <c>/health</c> says, of a service with the real stores that is no web server.</summary>
public sealed class HealthTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Health_AllIsWell_NamesEveryDependency()
    {
        await using var service = await Service.StartAsync(_folder.Root);

        var (status, report) = await service.HealthAsync();

        status.ShouldBe(HttpStatusCode.OK);
        report.GetProperty("status").GetString().ShouldBe("Healthy");
        report.GetProperty("results").EnumerateObject().Select(one => one.Name).ShouldBe(["documents", "blobs", "topic"], ignoreOrder: true);
        (await service.Client.GetStringAsync("/alive")).ShouldBe("Healthy");
        (await service.Client.GetAsync("/other")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Health_FolderOfBlobsAway_IsUnhealthyWithoutItsPathAndRecovers()
    {
        await using var service = await Service.StartAsync(_folder.Root);
        await service.EventuallyAsync("blobs", "Healthy");
        var (blobs, away) = (Path.Combine(_folder.Root, "blobs"), Path.Combine(_folder.Root, "away"));

        Directory.Move(blobs, away);
        await service.EventuallyAsync("blobs", "Unhealthy");
        var (status, report) = await service.HealthAsync();
        status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        report.GetProperty("results").GetProperty("blobs").GetProperty("description").GetString().ShouldBe("a folder is missing");
        report.ToString().ShouldNotContain(_folder.Root);
        report.GetProperty("results").GetProperty("topic").GetProperty("status").GetString().ShouldBe("Healthy");

        Directory.Move(away, blobs);
        await service.EventuallyAsync("blobs", "Healthy");
    }

    [Fact]
    public async Task Health_DatabaseLockedBySomebody_IsUnhealthyWhileItIs()
    {
        await using var service = await Service.StartAsync(_folder.Root);
        await service.EventuallyAsync("topic", "Healthy");

        await using (var other = new SqliteConnection($"Data Source={Path.Combine(_folder.Root, "imageaspire.db")};Pooling=False"))
        {
            await other.OpenAsync();
            await using var command = other.CreateCommand();
            command.CommandText = "BEGIN IMMEDIATE";
            await command.ExecuteNonQueryAsync();
            await service.EventuallyAsync("topic", "Unhealthy");
            (await service.ReasonAsync("topic")).ShouldBe("no answer within 3 s");
            (await service.Client.GetStringAsync("/alive")).ShouldBe("Healthy"); // restarting it would not help
        }

        await service.EventuallyAsync("topic", "Healthy");
    }

    [Fact]
    public async Task Health_DatabaseTakenAway_IsUnhealthy()
    {
        await using var service = await Service.StartAsync(_folder.Root);
        await service.EventuallyAsync("topic", "Healthy");
        var (file, away) = (Path.Combine(_folder.Root, "imageaspire.db"), Path.Combine(_folder.Root, "away.db"));

        File.Move(file, away);
        await service.EventuallyAsync("topic", "Unhealthy");
        (await service.ReasonAsync("topic")).ShouldBe("a file is missing");
        File.Move(away, file);
        await service.EventuallyAsync("topic", "Healthy");
    }

    [Fact]
    public async Task Health_AnalyzerAway_IsDegradedOnly()
    {
        await using var vision = await FakeVisionService.StartAsync(FakeVisionService.Json(503, """{"status":"Starting"}"""), FakeVisionService.Json(200, """{"status":"Healthy"}"""));
        await using var service = await Service.StartAsync(_folder.Root, ("Vision:Endpoint", vision.Address.ToString()), ("Vision:Key", "a-key-for-tests"));

        var (status, report) = await service.HealthAsync();
        status.ShouldBe(HttpStatusCode.OK);
        report.GetProperty("status").GetString().ShouldBe("Degraded");
        report.GetProperty("results").GetProperty("analyzer").GetProperty("description").GetString().ShouldBe("The vision service is not ready (HTTP 503); images wait.");
        await service.EventuallyAsync("analyzer", "Healthy");

        await vision.DisposeAsync();
        await service.EventuallyAsync("analyzer", "Degraded");
        (await service.ReasonAsync("analyzer")).ShouldBe("The vision service is not there; images wait.");
    }

    [Fact]
    public async Task Health_ManyAskAtOnce_IsTriedOnce()
    {
        await using var vision = await FakeVisionService.StartAsync(FakeVisionService.Json(200, "{}"));
        await using var service = await Service.StartAsync(_folder.Root, ("Vision:Endpoint", vision.Address.ToString()), ("Vision:Key", "a-key-for-tests"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => service.HealthAsync()));

        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.OK);
        vision.Requests.Count.ShouldBeLessThan(20); // one, unless this machine needs half seconds for a hundred requests
    }

    [Fact]
    public void Health_NoPort_HasNoServer()
    {
        var builder = Service.Builder(_folder.Root);
        builder.AddHealthServer();
        using var host = builder.Build();
        host.Services.GetServices<IHostedService>().ShouldNotContain(service => service.GetType().Name == "HealthServer");
    }

    [Fact]
    public void Health_WrongPort_IsNamed()
    {
        var builder = Service.Builder(_folder.Root, ("Health:Port", "70000"));
        builder.AddHealthServer();
        using var host = builder.Build();
        Should.Throw<Microsoft.Extensions.Options.OptionsValidationException>(() => host.CheckSettings()).Message.ShouldContain("Health:Port is 70000");
    }

    private sealed class Service : IAsyncDisposable
    {
        private readonly IHost _host;

        private Service(IHost host, int port)
        {
            _host = host;
            Client = new HttpClient { BaseAddress = new Uri($"http://localhost:{port}") };
        }

        public HttpClient Client { get; }

        public static HostApplicationBuilder Builder(string data, params (string Key, string Value)[] settings)
        {
            var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
            builder.Configuration.AddInMemoryCollection([new("Embedded:DataFolder", data), new("Backend", "Embedded"), .. settings.Select(one => new KeyValuePair<string, string?>(one.Key, one.Value))]);
            builder.AddImageBackend();
            return builder;
        }

        public static async Task<Service> StartAsync(string data, params (string Key, string Value)[] settings)
        {
            var port = RunningApp.FreePort();
            var builder = Builder(data, [("Health:Port", $"{port}"), .. settings]);
            builder.AddHealthServer();
            var host = builder.Build().CheckSettings();
            await host.StartAsync();
            return new Service(host, port);
        }

        public async Task<(HttpStatusCode Status, JsonElement Report)> HealthAsync()
        {
            using var answer = await Client.GetAsync("/health");
            return (answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement);
        }

        public async Task<string?> ReasonAsync(string check) => (await HealthAsync()).Report.GetProperty("results").GetProperty(check).GetProperty("description").GetString();

        public Task EventuallyAsync(string check, string status) => Eventually.TrueAsync(async () =>
            (await HealthAsync()).Report.GetProperty("results").GetProperty(check).GetProperty("status").GetString() == status);

        public async ValueTask DisposeAsync()
        {
            Client.Dispose();
            await _host.StopAsync();
            await ((IAsyncDisposable)_host).DisposeAsync();
        }
    }
}
