using System.Net;
using System.Net.Http.Headers;
using System.Runtime.Versioning;
using ImageAspire.Tests.Hostile;
using ImageAspire.Tests.Http;
using ImageAspire.Tests.Requirements;

namespace ImageAspire.Tests.EndToEnd;

/// <summary>The AppHost as a person starts it: its options, what it prints, and how it ends.</summary>
[Collection(WholeSystem.Name)]
[Trait("Category", "Slow")]
public sealed class AppHostTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Start_Defaults_PrintsAddressesWithoutWarnings()
    {
        Requires.Linux();
        var data = Path.Combine(_folder.Root, "new");
        await using var app = await AppHostProcess.Launch(data).RunsAsync();

        app.Lines.ShouldNotContain(line => line.StartsWith("warn", StringComparison.Ordinal) || line.StartsWith("fail", StringComparison.Ordinal), app.Output);
        File.GetUnixFileMode(data).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.GetUnixFileMode(Path.Combine(data, "api-key")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using var browser = new HttpClient();
        (await browser.GetStringAsync(new Uri(app.Printed("Gallery")))).ShouldContain("ImageAspire");
        using var dashboard = await browser.GetAsync(new Uri(app.Printed("Dashboard")));
        dashboard.StatusCode.ShouldBe(HttpStatusCode.OK);
        // No secret of ours is in the arguments or the environment of a service.
        foreach (var process in app.Services())
            (await File.ReadAllTextAsync($"/proc/{process}/environ") + await File.ReadAllTextAsync($"/proc/{process}/cmdline")).ShouldNotContain(app.Printed("API key"));
    }

    [Theory]
    [InlineData("file", AppHostProcess.SigHup)] // the terminal was closed
    [InlineData("variable", AppHostProcess.SigTerm)]
    [UnsupportedOSPlatform("windows")]
    public async Task Start_KeyFromAFileOrAVariable_IsInNoArgumentAndNoProcessItStarts(string source, int signal)
    {
        Requires.Linux();
        var key = $"a-key-of-this-test-{Guid.NewGuid():N}";
        var file = Path.Combine(_folder.Root, "key");
        await File.WriteAllTextAsync(file, key + "\n");
        await using var app = await (source == "file" ? AppHostProcess.Launch(_folder.Root, "--api-key-file", file)
            : AppHostProcess.Launch(_folder.Root, new Dictionary<string, string> { ["ImageAspire__ApiKey"] = key })).RunsAsync();
        app.Printed("API key").ShouldBe(key);
        app.Output.ShouldNotContain("list of processes");

        // Any process of the machine: the orchestrator is no child of the AppHost, and starts dashboard and services.
        app.Services().Count.ShouldBeGreaterThanOrEqualTo(2);
        Processes.With("cmdline", key).ShouldBeEmpty();
        Processes.With("environ", key).Where(one => one != app.Id).ShouldBeEmpty();

        await EndsInOrderAsync(app, signal);
    }

    [Fact]
    public async Task Start_KeyOnTheCommandLine_WarnsAndNamesWhatIsBetter()
    {
        await using var app = AppHostProcess.Launch(_folder.Root, "--api-key", "a-key-for-everybody-to-see");

        await Eventually.TrueAsync(() => app.Lines.Any(line => line.Contains("--api-key-file", StringComparison.Ordinal) && line.Contains("ImageAspire__ApiKey", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Killed_AppHost_LeavesNoProcessAndStartsAgain()
    {
        Requires.Linux();
        var port = $"{Ports.Free()}";
        string key;
        await using (var app = await AppHostProcess.Launch(_folder.Root, "--api-port", port).RunsAsync())
        {
            app.Services().Count.ShouldBeGreaterThanOrEqualTo(2);
            key = app.Printed("API key");

            app.Kill();

            await Eventually.TrueAsync(() => app.Services().Count == 0);
        }

        await using var next = await AppHostProcess.Launch(_folder.Root, "--api-port", port).RunsAsync();
        next.Printed("API key").ShouldBe(key); // a restart signs no program out
        using var client = next.Client();
        (await client.GetAsync(new Uri("/api/images", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Interrupt_DuringUploads_LosesNoneThatWasAcceptedAndEndsInOrder()
    {
        Requires.Linux();
        List<Guid> accepted;
        await using (var app = await AppHostProcess.Launch(_folder.Root, "--workers", "2").RunsAsync())
        {
            using var client = app.Client();
            var enough = new TaskCompletionSource();
            var uploading = UploadUntilRefusedAsync(client, enough);
            await enough.Task;

            await EndsInOrderAsync(app, AppHostProcess.SigInt);
            accepted = await uploading;
        }

        accepted.Count.ShouldBeGreaterThanOrEqualTo(20);
        await using var again = await RunningApp.StartAsync(_folder.Root, workers: 2);
        await again.AnalyzedAsync(accepted);
    }

    [Fact]
    public async Task TwoAppHosts_OneDataFolderOtherPorts_ShareTheImages()
    {
        await using var first = await AppHostProcess.Launch(_folder.Root).RunsAsync();
        await using var second = await AppHostProcess.Launch(_folder.Root).RunsAsync();
        using var one = first.Client();
        using var other = second.Client();

        var image = await UploadAsync(one, TestImages.Jpeg(640, 480, seed: 5));

        image.ShouldNotBeNull();
        (await other.GetAsync(new Uri($"/api/images/{image}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static async Task EndsInOrderAsync(AppHostProcess app, int signal)
    {
        app.Signal(signal);

        (await app.ExitAsync()).ShouldBe(0, app.Output);
        app.Services().ShouldBeEmpty();
        app.Lines.ShouldNotContain(line => LogEvents.IsEvent(line, "LogStillRuns"), app.Output);
    }

    private static async Task<List<Guid>> UploadUntilRefusedAsync(HttpClient client, TaskCompletionSource enough)
    {
        List<Guid> accepted = [];
        await Parallel.ForAsync(1, 201, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (seed, _) =>
        {
            if (await UploadAsync(client, TestImages.Jpeg(320, 240, seed)) is not { } id)
                return;
            lock (accepted)
                accepted.Add(id);
            if (accepted.Count >= 20)
                enough.TrySetResult();
        });
        return accepted;
    }

    // The id of an image that was accepted; null when the Api was gone or going.
    private static async Task<Guid?> UploadAsync(HttpClient client, byte[] file)
    {
        using var body = new ByteArrayContent(file) { Headers = { ContentType = new MediaTypeHeaderValue("image/jpeg") } };
        try
        {
            using var answer = await client.PostAsync(new Uri("/api/images", UriKind.Relative), body);
            if (answer.StatusCode != HttpStatusCode.Accepted)
                return null;
            return (await answer.ReadAsync<ImageDto>()).Id;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
