using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using ImageAspire.Tests.Embedded;

namespace ImageAspire.Tests.EndToEnd;

/// <summary>The whole system as real processes. One at a time: they measure each other's patience otherwise.</summary>
[Collection(Name)]
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class EndToEndTests : IDisposable
{
    public const string Name = "end to end";
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Upload_APicture_IsAnalyzedListedSearchedAndAudited()
    {
        await using var app = await RunningApp.StartAsync(_folder.Root, workers: 1);
        var file = TestImages.Jpeg(1200, 900, seed: 7);

        var id = await app.UploadAsync(file, "Sunset at the lake.jpg");
        await app.AnalyzedAsync(id);

        var record = (await app.FindAsync(id))!.Value;
        record.GetProperty("width").GetInt32().ShouldBe(1200);
        record.GetProperty("thumbnails").GetArrayLength().ShouldBe(4);
        record.GetProperty("analysis").GetProperty("provider").GetString().ShouldBe("built-in");
        record.GetProperty("analysis").GetProperty("caption").GetString().ShouldNotBeNullOrEmpty();
        (await app.Client.GetByteArrayAsync($"/api/images/{id}/content")).ShouldBe(file);
        using var thumbnail = await app.Client.GetAsync($"/api/images/{id}/thumbnail?size=256");
        thumbnail.Content.Headers.ContentType!.MediaType.ShouldBe("image/webp");
        (await app.Client.GetFromJsonAsync<JsonElement>("/api/images?q=lake")).GetProperty("items").GetArrayLength().ShouldBe(1);
        (await app.AuditAsync("image.received", 1)).ShouldBe([id]);
        (await app.AuditAsync("image.inspected", 1)).ShouldBe([id]);
        (await app.AuditAsync("image.analyzed", 1)).ShouldBe([id]);
    }

    public static TheoryData<Dictionary<string, string>, string[]> WrongSettings() => new()
    {
        {
            new() { ["Worker__Attempts"] = "0", ["Worker__Concurrency"] = "0", ["Imaging__Quality"] = "0" },
            ["Worker:Attempts is 0", "Worker:Concurrency is 0", "Imaging:Quality must be"]
        },
        {
            new() { ["Api__MaxImageBytes"] = "0", ["Api__CachedPages"] = "-1", ["Access__Keys__1__Name"] = "x", ["Access__Keys__1__Key"] = "short" },
            ["Api:MaxImageBytes is 0", "Api:CachedPages is -1", "Access:Keys:1:Key is shorter", "Access:Keys:1:Scopes is empty"]
        },
        { new() { ["Worker__StageTimeLimit"] = "soon" }, ["Worker:StageTimeLimit"] },
        { new() { ["Backend"] = "Moon" }, ["Backend is 'Moon'"] },
    };

    [Theory]
    [MemberData(nameof(WrongSettings))]
    public async Task Start_WrongSettings_AreAllNamedAndNothingIsStartedAgain(Dictionary<string, string> settings, string[] named)
    {
        await using var app = RunningApp.Launch(_folder.Root, workers: 1, settings);

        (await app.ExitAsync()).ShouldBe(1);

        var said = string.Join('\n', app.Lines);
        foreach (var problem in named)
            said.ShouldContain(problem);
        said.ShouldNotContain("starting it again");
        var service = app.Lines.First(line => line.Contains("Settings are wrong")).Split(']')[0];
        app.Lines.Where(line => line.StartsWith(service, StringComparison.Ordinal)).ShouldAllBe(line => !line.Contains("   at ")); // no stack trace
    }

    [SystemVipsFact]
    public async Task Upload_WithTheSystemsLibvips_IsAnalyzed()
    {
        // Its modules bring the system's SQLite into the Worker, where ours is too.
        await using var app = await RunningApp.StartAsync(_folder.Root, workers: 1, environment: new Dictionary<string, string> { ["Imaging__Library"] = "libvips.so.42" });
        await app.AnalyzedAsync(await app.UploadAsync(TestImages.Jpeg(640, 480)));
        app.Lines.ShouldNotContain(line => line.Contains("starting it again"));
    }

    [Fact]
    public async Task Upload_FilesThatCannotBeDecoded_EndRejectedWithTheReason()
    {
        await using var app = await RunningApp.StartAsync(_folder.Root, workers: 1);
        var files = new (byte[] File, string Code)[]
        {
            (TestImages.TruncatedJpeg(), "truncated-image"), (TestImages.TruncatedPng(), "truncated-image"),
            (TestImages.ZeroByZeroPng(), "no-pixels"), (TestImages.GiganticGif(), "too-many-pixels"),
        };
        foreach (var (file, code) in files)
        {
            var id = await app.UploadAsync(file);
            await Eventually.TrueAsync(async () => await app.FindAsync(id) is { } record && record.GetProperty("status").GetString() == "rejected");
            (await app.FindAsync(id))!.Value.GetProperty("failure").GetProperty("code").GetString().ShouldBe(code);
        }

        await app.AnalyzedAsync(await app.UploadAsync(TestImages.Jpeg(seed: 8))); // and life goes on
        app.ProcessesOf("worker-1").Count.ShouldBe(1);
    }

    [Fact]
    public async Task WorkerKilled_InMidBatch_LosesNothingAndAnalyzesOnce()
    {
        const int Count = 60;
        await using var app = await RunningApp.StartAsync(_folder.Root, workers: 1);

        var uploading = app.UploadManyAsync(Count);
        await Eventually.TrueAsync(() => app.Lines.Any(line => line.Contains("AnalyzeImage is done")));
        RunningApp.Kill(app.ProcessesOf("worker-1")[^1]);
        var ids = await uploading;

        await app.AnalyzedAsync(ids);
        app.ProcessesOf("worker-1").Count.ShouldBe(2);
        (await app.AuditAsync("image.analyzed", Count)).ShouldBe(ids, ignoreOrder: true);
    }

    [Fact]
    public async Task ApiKilled_RightAfterItsAnswer_HasTheRecordAndTheBytes()
    {
        await using var app = await RunningApp.StartAsync(_folder.Root, workers: 1);
        var file = TestImages.Jpeg(800, 600, seed: 9);

        var id = await app.UploadAsync(file);
        RunningApp.Kill(app.ProcessesOf("api")[^1]);

        await app.AnalyzedAsync(id);
        app.ProcessesOf("api").Count.ShouldBe(2);
        (await app.Client.GetByteArrayAsync($"/api/images/{id}/content")).ShouldBe(file);
    }

    [Fact]
    public async Task TwoWorkers_OneFolder_ShareTheWork()
    {
        const int Count = 60;
        await using var app = await RunningApp.StartAsync(_folder.Root, workers: 2);
        await Eventually.TrueAsync(() => app.Lines.Count(line => line.Contains("stages are ready")) == 2);

        var ids = await app.UploadManyAsync(Count);

        await app.AnalyzedAsync(ids);
        (await app.AuditAsync("image.inspected", Count)).ShouldBe(ids, ignoreOrder: true);
        (await app.AuditAsync("image.analyzed", Count)).ShouldBe(ids, ignoreOrder: true);
        foreach (var worker in new[] { "[worker-1]", "[worker-2]" })
            app.Lines.ShouldContain(line => line.StartsWith(worker, StringComparison.Ordinal) && line.Contains("InspectImage is done"));
    }

    [Fact]
    public async Task Restart_WithABacklog_WorksItOff()
    {
        const int Count = 20;
        List<Guid> ids;
        await using (var without = await RunningApp.StartAsync(_folder.Root, workers: 0))
        {
            ids = await without.UploadManyAsync(Count);
            var api = without.ProcessesOf("api")[^1];
            without.Signal(RunningApp.SigInt);
            (await without.ExitAsync()).ShouldBe(0);
            RunningApp.IsAlive(api).ShouldBeFalse();
        }

        // And once more in mid-work: SIGTERM drains, the rest waits for the next start.
        await using (var interrupted = await RunningApp.StartAsync(_folder.Root, workers: 1))
        {
            await Eventually.TrueAsync(() => interrupted.Lines.Any(line => line.Contains("InspectImage is done")));
            interrupted.Signal(RunningApp.SigTerm);
            (await interrupted.ExitAsync()).ShouldBe(0);
        }

        await using var app = await RunningApp.StartAsync(_folder.Root, workers: 1);
        await app.AnalyzedAsync(ids);
        (await app.AuditAsync("image.analyzed", Count)).ShouldBe(ids, ignoreOrder: true);
    }

    [Fact]
    public async Task AppHostKilled_LeavesNoProcessBehind()
    {
        await using var app = await RunningApp.StartAsync(_folder.Root, workers: 1);
        var children = app.ProcessesOf("api").Concat(app.ProcessesOf("worker-1")).ToList();
        children.Count.ShouldBe(2);

        app.KillAppHost();

        await Eventually.TrueAsync(() => !children.Exists(RunningApp.IsAlive));
    }

    [Fact]
    public async Task Start_PortTaken_SaysWhichAndWhatToDo()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        await using var app = RunningApp.Launch(_folder.Root, 1, port);

        (await app.ExitAsync()).ShouldBe(1);
        app.Lines.ShouldHaveSingleItem().ShouldBe($"Port {port} is in use. Choose another one with --api-port.");
    }

    [Theory]
    [InlineData("")]
    [InlineData("nineteen-characters")]
    [InlineData("two words that are long enough")]
    public async Task Start_BadApiKey_SaysWhatItMustBeAndStartsNothing(string key)
    {
        await using var app = RunningApp.Launch(_folder.Root, 1, RunningApp.FreePort(), "--api-key", key);

        (await app.ExitAsync()).ShouldNotBe(0);
        app.Lines.ShouldContain(line => line.StartsWith("--api-key must have 20 to 512 printable ASCII characters", StringComparison.Ordinal));
        app.Lines.ShouldNotContain(line => line.StartsWith('['));
    }

    [Fact]
    public async Task Start_NewDataFolder_IsForThisUserAlone()
    {
        var data = Path.Combine(_folder.Root, "new");

        await using var app = await RunningApp.StartAsync(data, workers: 0);

        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(data).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Theory]
    [InlineData("--workers", "33")]
    [InlineData("--dashboard-port", "0")]
    public async Task Start_BadOption_SaysWhichAndStartsNothing(string option, string value)
    {
        await using var app = RunningApp.Launch(_folder.Root, 1, RunningApp.FreePort(), option, value);

        (await app.ExitAsync()).ShouldNotBe(0);
        app.Lines.ShouldContain(line => line.Contains(option));
        app.Lines.ShouldNotContain(line => line.StartsWith('['));
    }
}
