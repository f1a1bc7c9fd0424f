using System.Diagnostics;
using System.Net;
using ImageAspire.Tests.Api;
using ImageAspire.Tests.EndToEnd;
using ImageAspire.Tests.Hostile;
using ImageAspire.Tests.Http;

namespace ImageAspire.Tests.Faults;

/// <summary>A disk that is mounted for reading only, as systems do after an error of it: under running processes, and before they start.</summary>
[Collection(WholeSystem.Name)]
[Trait("Category", "Slow")]
public sealed class ReadOnlyDiskTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public static TheoryData<string, string[], int, string> Started => new()
    {
        { Programs.Api, [], 75, "the disk is read-only. Mount it for writing" }, { Programs.Worker, [], 75, "the disk is read-only. Mount it for writing" },
        { Programs.AppHost, ["--vision", "off"], 1, "Read-only file system" },
    };

    private string Data => Path.Combine(_folder.Root, "data");

    public void Dispose() => _folder.Dispose();

    // A file system with a file that is open for writing cannot be remounted so: the bytes have a disk of their own here, the databases another.
    [Fact]
    public async Task Remounted_UnderRunningProcesses_UploadsAreRefusedReadersGoOnAndItGoesOnByItself()
    {
        using var disk = Mount(Directory.CreateDirectory(Path.Combine(Data, "blobs")).FullName);
        await using var app = await RunningApp.StartAsync(Data, workers: 1);
        var first = await app.UploadAsync(TestImages.Jpeg(640, 480, seed: 1));
        await app.AnalyzedAsync(first);
        var waiting = await app.UploadWhileSuspendedAsync("worker", TestImages.Jpeg(640, 480, seed: 2)); // accepted, and its thumbnails cannot be stored
        await Eventually.TrueAsync(() => disk.TrySetReadOnly(true));
        Processes.Signal(app.ProcessesOf("worker")[^1], Processes.Continue);

        using (var answer = await app.Client.PostAsync("/api/images", new ByteArrayContent(TestImages.Jpeg(640, 480, seed: 3))))
        {
            answer.Headers.RetryAfter.ShouldNotBeNull();
            await answer.ShouldBeProblemAsync(503, "storage-unavailable");
        }

        var file = TestImages.Jpeg(640, 480, seed: 4);
        var upload = await app.Client.BeginAsync(file.Length);
        await app.Client.PatchAsync(upload, 0, file).ShouldBeProblemAsync(503, "storage-unavailable");
        (await app.Client.GetByteArrayAsync($"/api/images/{first}/content")).ShouldBe(TestImages.Jpeg(640, 480, seed: 1));
        (await app.FindAsync(first))!.Status.ShouldBe("analyzed");
        foreach (var service in (string[])["api", "worker"])
        {
            await Eventually.TrueAsync(() => app.Lines.Any(line => line.StartsWith($"[{service}]", StringComparison.Ordinal)
                && line.Contains("the disk is read-only. Mount it for writing", StringComparison.Ordinal)));
        }

        (await app.FindAsync(waiting))!.Status.ShouldBe("received");
        disk.TrySetReadOnly(false).ShouldBeTrue();

        await app.AnalyzedAsync(waiting);
        await app.AnalyzedAsync(await app.UploadAsync(TestImages.Jpeg(640, 480, seed: 3)));
        using (var answer = await app.Client.TusAsync("HEAD", upload)) // all bytes were kept: it becomes an image now
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            await app.AnalyzedAsync(Guid.Parse(answer.Header("Location")!.Split('/')[^1]));
        }

        (app.ProcessesOf("api").Count, app.ProcessesOf("worker").Count).ShouldBe((1, 1)); // no process ended
        (await app.Client.GetItemsAsync<DeadLetterDto>("/api/operations/dead-letters")).ShouldBeEmpty(); // and no attempt was counted
        app.Lines.ShouldNotContain(line => line.Contains("   at ")); // no stack traces of what has a name
    }

    [Theory]
    [MemberData(nameof(Started))]
    public async Task Start_OnAReadOnlyDisk_OneLineAndAnExitCode(string program, string[] arguments, int code, string reason)
    {
        using var disk = Mount(Directory.CreateDirectory(Data).FullName);
        await using (var host = new ApiHost(("Embedded:DataFolder", Data)))
            await host.UploadAsync(seed: 1);
        await Eventually.TrueAsync(() => disk.TrySetReadOnly(true));
        string[] options = arguments is [] ? [] : [.. arguments, "--data", Data, "--api-port", $"{Ports.Free()}", "--dashboard-port", $"{Ports.Free()}"];
        var start = new ProcessStartInfo("dotnet", ["exec", program, .. options]) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["Embedded__DataFolder"] = Data;
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";

        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));

        var said = await output + await error;
        process.ExitCode.ShouldBe(code, said);
        said.Split('\n').Where(one => one.Contains(reason, StringComparison.Ordinal)).ShouldHaveSingleItem(said).ShouldContain(Data);
        said.ShouldNotContain("   at "); // no stack trace

        disk.TrySetReadOnly(false).ShouldBeTrue();
        await using var again = new ApiHost(("Embedded:DataFolder", Data));
        (await again.Client.GetItemsAsync<ImageDto>("/api/images")).Count.ShouldBe(1);
    }

    private static SmallDisk Mount(string folder)
    {
        var disk = SmallDisk.TryMount(folder);
        Assert.SkipWhen(disk is null, "This user may not mount a file system (it takes Linux and root).");
        return disk!;
    }
}
