using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using ImageAspire.Tests.Embedded;

namespace ImageAspire.Tests.EndToEnd;

/// <summary>An operator at the dashboard of real processes.</summary>
[Collection(EndToEndTests.Name)]
public sealed class DashboardEndToEndTests : IDisposable
{
    private const string OtlpKey = "DASHBOARD__OTLP__PRIMARYAPIKEY";
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Dashboard_OfRunningServices_NeedsSignInAndHasTheirStateAndTelemetry()
    {
        await using var app = await RunningApp.StartWithDashboardAsync(_folder.Root, workers: 1);
        using (var stranger = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }))
        using (var answer = await stranger.GetAsync(new Uri(new Uri(app.DashboardAddress), "/")))
            answer.StatusCode.ShouldNotBe(HttpStatusCode.OK);
        using var page = await DashboardPage.OpenAsync(app);

        await page.SeesAsync("api", "Running", "Healthy", "ImageAspire.Api.dll", $"localhost:{app.Address.Port}", " MiB");
        await page.SeesAsync("worker-1", "Running", "Healthy", "ImageAspire.Worker.dll", " MiB");
        var details = await page.DetailsAsync("api");
        details.ShouldContain("OTEL_EXPORTER_OTLP_ENDPOINT");
        details.ShouldContain("Access__Keys__0__Sha256");
        details.ShouldNotContain(RunningApp.Key);
        details.ShouldNotMatch("[0-9a-f]{64}"); // no hash of a secret

        await app.AnalyzedAsync(await app.UploadAsync(TestImages.Jpeg(640, 480, seed: 3)));
        await Eventually.TrueAsync(async () => await SendersAsync(app) is ["api", "worker-1"]);
        foreach (var service in new[] { "api", "worker-1" })
            await Eventually.TrueAsync(async () => (await TelemetryAsync(app, $"traces?resource={service}")).GetProperty("totalCount").GetInt32() > 0);
        // The Api says nothing as long as all is well.
        await Eventually.TrueAsync(async () => (await TelemetryAsync(app, "logs?resource=worker-1")).GetProperty("totalCount").GetInt32() > 0);
    }

    [Fact]
    public async Task WorkerKilled_IsShownWithItsLastLinesAndComesBack()
    {
        await using var app = await RunningApp.StartWithDashboardAsync(_folder.Root, workers: 1);
        using var page = await DashboardPage.OpenAsync(app);
        await page.SeesAsync("worker-1", "Running", "Healthy");
        await app.AnalyzedAsync(await app.UploadAsync(TestImages.Jpeg(640, 480, seed: 4)));
        await Eventually.TrueAsync(async () => (await page.ConsoleAsync("worker-1")).Contains("AnalyzeImage is done")); // said after the record has it

        RunningApp.Kill(app.ProcessesOf("worker-1")[^1]);

        await Eventually.TrueAsync(() => app.ProcessesOf("worker-1").Count == 2);
        await page.SeesAsync("worker-1", "Running", "Healthy");
        var console = await page.ConsoleAsync("worker-1");
        console.ShouldContain("AnalyzeImage is done"); // of the life before
        console.ShouldContain("worker-1 ended with exit code 137");
        (await page.DetailsAsync("worker-1")).ShouldContain("137");
        await app.AnalyzedAsync(await app.UploadAsync(TestImages.Jpeg(640, 480, seed: 5)));
    }

    [Fact]
    public async Task StopStartRestart_OfOneService_LeavesTheOthersAtWork()
    {
        await using var app = await RunningApp.StartWithDashboardAsync(_folder.Root, workers: 2);
        using var page = await DashboardPage.OpenAsync(app);
        await page.SeesAsync("worker-1", "Running");

        await page.PressAsync("worker-1", "stop");
        await page.SeesAsync("worker-1", "Exited", "stopped, exit code 0");
        RunningApp.IsAlive(app.ProcessesOf("worker-1")[^1]).ShouldBeFalse();
        await app.AnalyzedAsync(await app.UploadAsync(TestImages.Jpeg(640, 480, seed: 6)));

        await page.PressAsync("worker-1", "start");
        await page.SeesAsync("worker-1", "Running", "Healthy");
        await page.PressAsync("api", "restart");
        await page.SeesAsync("api", "Running", "Healthy");
        await Eventually.TrueAsync(() => app.ProcessesOf("api").Count == 2);
        await Eventually.TrueAsync(async () => (await page.ResourceAsync("api")).Contains("Healthy"));

        app.Signal(RunningApp.SigInt);
        (await app.ExitAsync()).ShouldBe(0);
        foreach (var process in new[] { "api", "worker-1", "worker-2" }.SelectMany(app.ProcessesOf))
            RunningApp.IsAlive(process).ShouldBeFalse();
    }

    [Fact]
    public async Task Faults_AreShownWithTheirReasonAndPassByThemselves()
    {
        await using var app = await RunningApp.StartWithDashboardAsync(_folder.Root, workers: 1);
        using var page = await DashboardPage.OpenAsync(app);
        await page.SeesAsync("api", "Running", "Healthy");
        await page.SeesAsync("worker-1", "Running", "Healthy");

        var (staging, away) = (Path.Combine(_folder.Root, "blobs", ".staging"), Path.Combine(_folder.Root, "away"));
        Directory.Move(staging, away);
        await page.SeesAsync("api", "Unhealthy", "blobs", "a folder is missing");
        await page.SeesAsync("worker-1", "Unhealthy", "blobs", "a folder is missing");
        await Eventually.TrueAsync(async () => (await TelemetryAsync(app, "logs?severity=Warning")).GetRawText() is var warnings // the change is a log record, too
            && new[] { "blobs is Unhealthy", "\"api\"", "\"worker-1\"" }.All(warnings.Contains));
        Directory.Move(away, staging);
        await page.SeesAsync("api", " Healthy");
        await page.SeesAsync("worker-1", " Healthy");

        if (OperatingSystem.IsWindows())
            return; // no such signals
        var worker = app.ProcessesOf("worker-1")[^1];
        RunningApp.Signal(worker, RunningApp.SigStop);
        await page.SeesAsync("worker-1", "Unhealthy", "no answer within 3.5 s");
        RunningApp.Signal(worker, RunningApp.SigCont);
        await page.SeesAsync("worker-1", " Healthy");
        app.ProcessesOf("worker-1").Count.ShouldBe(1);
    }

    [Fact]
    public async Task OtlpKey_OfTheEnvironment_OpensTheIntakeToOtherSenders()
    {
        const string Key = "key-of-another-sender";
        await using var app = await RunningApp.StartWithDashboardAsync(_folder.Root, workers: 0, new Dictionary<string, string> { [OtlpKey] = Key });
        using var page = await DashboardPage.OpenAsync(app);
        var endpoint = Regex.Match(await page.DetailsAsync("api"), @"OTEL_EXPORTER_OTLP_ENDPOINT\s+(http://localhost:\d+/)").Groups[1].Value;

        using var sender = new HttpClient();
        async Task<HttpStatusCode> SendAsync()
        {
            using var nothing = new ByteArrayContent([]) { Headers = { ContentType = new("application/x-protobuf") } };
            using var answer = await sender.PostAsync(new Uri(endpoint + "v1/traces"), nothing);
            return answer.StatusCode;
        }

        (await SendAsync()).ShouldBe(HttpStatusCode.Unauthorized);
        sender.DefaultRequestHeaders.Add("x-otlp-api-key", Key);
        (await SendAsync()).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Start_BadOtlpKey_SaysWhatItMustBeAndStartsNothing()
    {
        await using var app = RunningApp.Launch(_folder.Root, 1, new Dictionary<string, string> { [OtlpKey] = "with,a=comma-and-more-than-twenty" });

        (await app.ExitAsync()).ShouldBe(1);
        app.Lines.ShouldHaveSingleItem().ShouldStartWith("Dashboard__Otlp__PrimaryApiKey must have 20 to 512 ASCII letters");
    }

    [Fact]
    public async Task Start_WithoutDashboard_SaysSoAndListensNowhere()
    {
        var port = RunningApp.FreePort();
        await using var app = RunningApp.Launch(_folder.Root, 0, RunningApp.FreePort(), "--no-dashboard", "--no-vision", "--dashboard-port", $"{port}");

        await Eventually.TrueAsync(() => app.Lines.Any(line => line.Contains("Dashboard off (--no-dashboard)")));

        using var client = new TcpClient();
        await Should.ThrowAsync<SocketException>(() => client.ConnectAsync(IPAddress.Loopback, port));
    }

    [Fact]
    public async Task Start_DashboardPortTaken_SaysWhichAndWhatToDo()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        await using var app = RunningApp.Launch(_folder.Root, 1, RunningApp.FreePort(), "--dashboard-port", $"{port}");

        (await app.ExitAsync()).ShouldBe(1);
        app.Lines.ShouldHaveSingleItem().ShouldBe(
            $"Port {port} is in use. Choose another one with --dashboard-port, or run without the dashboard: --no-dashboard.");
    }

    private static async Task<List<string?>> SendersAsync(RunningApp app) =>
        [.. (await TelemetryAsync(app, "resources")).EnumerateArray().Select(one => one.GetProperty("displayName").GetString()).Order(StringComparer.Ordinal)];

    private static async Task<JsonElement> TelemetryAsync(RunningApp app, string what) =>
        await app.Client.GetFromJsonAsync<JsonElement>(new Uri(new Uri(app.DashboardAddress), $"/api/telemetry/{what}"));
}
