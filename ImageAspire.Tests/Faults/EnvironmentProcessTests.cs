using System.Net;
using System.Net.Http.Headers;
using ImageAspire.Api.Http;
using ImageAspire.Tests.EndToEnd;
using ImageAspire.Tests.Hostile;
using ImageAspire.Tests.Http;
using ImageAspire.Tests.Requirements;

namespace ImageAspire.Tests.Faults;

/// <summary>Faults of the machine, as they come to real processes.</summary>
[Collection(WholeSystem.Name)]
[Trait("Category", "Slow")]
public sealed class EnvironmentProcessTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)] // a real disk that is full; where this user may not mount one, what stands in for it is the limit below
    [InlineData(false)]
    public async Task DiskFull_UploadsAreRefusedReadersGoOnAndAllIsDoneWhenThereIsRoom(bool mount)
    {
        Requires.Linux();
        using var disk = mount ? SmallDisk.TryMount(_folder.Root) : null;
        var data = Path.Combine(_folder.Root, "data");
        await using var app = await RunningApp.StartAsync(data, workers: 1);
        var first = await app.UploadAsync(TestImages.Jpeg(640, 480, seed: 1));
        await app.AnalyzedAsync(first);
        // Accepted while its worker cannot work; it gets no farther before there is room.
        var waiting = await app.UploadWhileSuspendedAsync("worker", TestImages.Jpeg(640, 480, seed: 2));
        SetFull(true);
        Processes.Signal(app.ProcessesOf("worker")[^1], Processes.Continue);

        var (status, problem) = await RefusedAsync(app, TestImages.Jpeg(640, 480, seed: 3));

        status.ShouldBe(HttpStatusCode.InsufficientStorage);
        problem.Code.ShouldBe("storage-full");
        problem.Detail.ShouldNotContain(_folder.Root); // paths of the server stay private
        await Eventually.TrueAsync(() => app.Lines.Any(line => line.StartsWith("[api]", StringComparison.Ordinal) && LogEvents.IsEvent(line, "LogUnavailable") && line.Contains("blobs")));
        (await app.FindAsync(first))!.Status.ShouldBe("analyzed");
        (await app.Client.GetAsync(new Uri($"/api/images/{first}/content", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await app.Client.GetAsync(new Uri("/api/images?limit=1", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.OK);
        await Eventually.TrueAsync(() => app.Lines.Any(line => line.StartsWith("[worker]", StringComparison.Ordinal) && LogEvents.IsEvent(line, "LogUnavailable")));

        SetFull(false);

        await app.AnalyzedAsync(waiting);
        await app.AnalyzedAsync(await app.UploadAsync(TestImages.Jpeg(640, 480, seed: 3)));
        (app.ProcessesOf("api").Count, app.ProcessesOf("worker").Count).ShouldBe((1, 1)); // no process ended
        (await DeadLettersAsync(app)).ShouldBe(0); // and no attempt was counted
        (await app.AuditAsync("image.received", 3)).Count.ShouldBe(3);
        app.Lines.ShouldNotContain(line => line.Contains("   at ")); // no stack traces of what has a name

        void SetFull(bool full)
        {
            if (disk is null)
            {
                foreach (var process in new[] { app.ProcessesOf("api")[^1], app.ProcessesOf("worker")[^1] })
                    Limits.SetFileSize(process, full ? 0ul : null);
            }
            else if (full)
            {
                disk.Fill();
            }
            else
            {
                disk.Free();
            }
        }
    }

    [Theory]
    [InlineData("imageaspire.db")]
    [InlineData("audit.db")]
    public async Task DatabaseDamaged_AtTheStart_IsNamedWithWhatToDoAndNotTriedForEver(string name)
    {
        Requires.Linux();
        await File.WriteAllTextAsync(Path.Combine(_folder.Root, name), new string('x', 8192));

        await using var app = await RunningApp.LaunchAsync(_folder.Root, 1);

        (await app.EndsAsync("worker")).ShouldBe(1);
        await Eventually.TrueAsync(() => app.AppHostLog.Of("LogInvalidSettings").Any(record => record.GetStructuredStateValue("Lines")!.Contains(name)));
        app.Lines.ShouldNotContain(line => line.Contains("SqliteException"));
    }

    [Theory]
    [InlineData("Max open files            1024                 524288               files     ", 256)]
    [InlineData("Max open files            1048576              1048576              files     ", 10_000)]
    [InlineData("Max open files            256                  256                  files     ", 32)]
    [InlineData(null, 10_000)]
    public void Connections_AreAsManyAsOpenFilesAllow(string? row, int connections) => OpenFiles.ConnectionsOf(row).ShouldBe(connections);

    [Fact]
    public async Task Stop_WhileAnUploadIsUnderWay_TheUploadIsKeptAndAllEndInOrder()
    {
        Requires.Linux();
        var file = TestImages.Jpeg(640, 480, seed: 7, padTo: 200_000);
        Guid id;
        await using (var app = await RunningApp.StartAsync(_folder.Root, workers: 1))
        {
            var rest = new TaskCompletionSource();
            var upload = UploadSlowlyAsync(app, file, rest.Task);
            await Eventually.TrueAsync(() => Directory.GetFiles(Path.Combine(_folder.Root, "blobs", ".staging")).Select(path => new FileInfo(path)).Any(one => one.Length > 0));

            var stopping = app.StopAsync();
            await Eventually.TrueAsync(async () => !await AnswersAsync(app));
            rest.SetResult();

            id = await upload;
            await stopping;
            app.AppHostLog.HasEvent("LogStillRuns").ShouldBeFalse();
        }

        await using var again = await RunningApp.StartAsync(_folder.Root, workers: 1);
        await again.AnalyzedAsync(id);
        (await again.Client.GetByteArrayAsync(new Uri($"/api/images/{id}/content", UriKind.Relative))).ShouldBe(file);
    }

    private static async Task<(HttpStatusCode Status, ProblemDto Problem)> RefusedAsync(RunningApp app, byte[] file)
    {
        using var answer = await PostAsync(app, new ByteArrayContent(file));
        answer.Headers.RetryAfter.ShouldNotBeNull();
        return (answer.StatusCode, await answer.ReadProblemAsync());
    }

    private static async Task<Guid> UploadSlowlyAsync(RunningApp app, byte[] file, Task rest)
    {
        using var answer = await PostAsync(app, new SlowContent(file, rest));
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        return (await answer.ReadAsync<ImageDto>()).Id;
    }

    private static async Task<HttpResponseMessage> PostAsync(RunningApp app, HttpContent body)
    {
        using (body)
        {
            body.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
            return await app.Client.PostAsync(new Uri("/api/images", UriKind.Relative), body);
        }
    }

    private static async Task<bool> AnswersAsync(RunningApp app)
    {
        using var client = new HttpClient { BaseAddress = app.Address };
        try
        {
            using var answer = await client.GetAsync(new Uri("/alive", UriKind.Relative));
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task<int> DeadLettersAsync(RunningApp app) =>
        (await app.Client.GetItemsAsync<DeadLetterDto>("/api/operations/dead-letters")).Count;

    /// <summary>The first half at once, and the rest when the test says so.</summary>
    private sealed class SlowContent(byte[] bytes, Task rest) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(bytes.AsMemory(0, bytes.Length / 2));
            await stream.FlushAsync();
            await rest;
            await stream.WriteAsync(bytes.AsMemory(bytes.Length / 2));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = bytes.Length;
            return true;
        }
    }
}
