using System.Web;
using ImageAspire.Tests.Api;
using ImageAspire.Tests.Hostile;
using ImageAspire.Tests.Http;
using ImageAspire.Worker;

namespace ImageAspire.Tests.EndToEnd;

/// <summary>What happens to images in a running system with two workers.</summary>
[Collection(WholeSystem.Name)]
[Trait("Category", "Slow")]
public sealed class SharedSystemTests(SharedApp shared)
{
    private RunningApp App => shared.Running;

    [Fact]
    public async Task Upload_AnImage_IsAnalyzedListedSearchedAndAudited()
    {
        var file = TestImages.Jpeg(1200, 900, seed: 7);

        var id = await App.UploadAsync(file, "Sunset at the lake.jpg");
        await App.AnalyzedAsync(id);

        var record = (await App.FindAsync(id))!;
        record.Width.ShouldBe(1200);
        record.Thumbnails!.Count.ShouldBe(4);
        record.Analysis!.Provider.ShouldBe("built-in");
        record.Analysis!.Caption.ShouldNotBeNullOrEmpty();
        (await App.Client.GetByteArrayAsync($"/api/images/{id}/content")).ShouldBe(file);
        using var thumbnail = await App.Client.GetAsync($"/api/images/{id}/thumbnail?size=256");
        thumbnail.Content.Headers.ContentType!.MediaType.ShouldBe("image/webp");
        (await App.Client.GetItemsAsync<ImageDto>("/api/images?q=lake")).Count.ShouldBe(1);
        (await App.AuditAsync("image.received", [id])).ShouldBe([id]);
        (await App.AuditAsync("image.inspected", [id])).ShouldBe([id]);
        (await App.AuditAsync("image.analyzed", [id])).ShouldBe([id]);
    }

    [Fact]
    public async Task SignInCommand_OfTheDashboard_MakesALinkThatOpensTheGallery()
    {
        var link = new Uri(await App.SignInLinkAsync());
        using var browser = new HttpClient(new HttpClientHandler { UseCookies = false }) { BaseAddress = App.Address };
        (await browser.GetStringAsync(link)).ShouldContain("Sign in to the gallery");

        using var signedIn = await browser.SignInAsync(HttpUtility.ParseQueryString(link.Query)["token"]!);

        browser.DefaultRequestHeaders.Add("Cookie", ApiHost.Cookie(signedIn));
        (await browser.GetStringAsync(new Uri("/", UriKind.Relative))).ShouldContain("id=\"grid\"");
    }

    [Fact]
    public async Task Upload_FilesThatCannotBeDecoded_EndRejectedWithTheReason()
    {
        var workers = App.ProcessesOf("worker-1").Concat(App.ProcessesOf("worker-2")).ToList();
        var files = new (byte[] File, string Code)[]
        {
            (TestImages.JpegWithoutPixels(), "truncated-image"), (TestImages.Png()[..20], "truncated-image"),
            (TestImages.ZeroByZeroPng(), "no-pixels"), (TestImages.GiganticGif(), "too-many-pixels"),
        };
        foreach (var (file, code) in files)
        {
            var id = await App.UploadAsync(file);
            await Eventually.TrueAsync(async () => await App.FindAsync(id) is { } record && record.Status == "rejected");
            (await App.FindAsync(id))!.Failure!.Code.ShouldBe(code);
        }

        await App.AnalyzedAsync(await App.UploadAsync(TestImages.Jpeg(seed: 8))); // and life goes on
        App.ProcessesOf("worker-1").Concat(App.ProcessesOf("worker-2")).ShouldBe(workers);
    }

    [Fact]
    public async Task Health_OfAServiceWhoseStoreIsAway_HasTheReasonAndPassesByItself()
    {
        var (staging, away) = (Path.Combine(shared.Data, "blobs", ".staging"), Path.Combine(shared.Data, "away"));

        Directory.Move(staging, away);

        await App.BecomesHealthAsync("api", "Unhealthy", "blobs: a folder is missing");
        await App.BecomesHealthAsync("worker-1", "Unhealthy", "blobs: a folder is missing");
        Directory.Move(away, staging);
        await App.BecomesHealthAsync("api", "Healthy", "Healthy");
    }

    [Fact]
    public async Task TwoWorkers_OneFolder_ShareTheWork()
    {
        const int Count = 60;
        var before = App.Lines.Count;

        var ids = await App.UploadManyAsync(Count, firstSeed: 2000);

        await App.AnalyzedAsync(ids);
        (await App.AuditAsync("image.inspected", ids)).ShouldBe(ids, ignoreOrder: true);
        (await App.AuditAsync("image.analyzed", ids)).ShouldBe(ids, ignoreOrder: true);
        foreach (var worker in new[] { "[worker-1]", "[worker-2]" })
            App.Lines.Skip(before).ShouldContain(line => line.StartsWith(worker, StringComparison.Ordinal) && IsDone(line, "InspectImage"));
    }

    [Fact]
    public async Task WorkerKilled_InMidBatch_LosesNothingAndAnalyzesOnce()
    {
        const int Count = 60;
        var (worker, lives) = (App.ProcessesOf("worker-1")[^1], App.ProcessesOf("worker-1").Count);
        var done = App.Lines.Count(line => line.StartsWith("[worker-1]", StringComparison.Ordinal) && IsDone(line, "AnalyzeImage"));

        var uploading = App.UploadManyAsync(Count, firstSeed: 1000);
        await Eventually.TrueAsync(() => App.Lines.Count(line => line.StartsWith("[worker-1]", StringComparison.Ordinal) && IsDone(line, "AnalyzeImage")) > done);
        Processes.Kill(worker);
        var ids = await uploading;

        await App.AnalyzedAsync(ids);
        await Eventually.TrueAsync(() => App.ProcessesOf("worker-1").Count == lives + 1);
        (await App.AuditAsync("image.analyzed", ids)).ShouldBe(ids, ignoreOrder: true);
    }

    [Fact]
    public async Task ApiKilled_RightAfterItsAnswer_HasTheRecordAndTheBytes()
    {
        var lives = App.ProcessesOf("api").Count;
        var file = TestImages.Jpeg(800, 600, seed: 9);

        var id = await App.UploadAsync(file);
        Processes.Kill(App.ProcessesOf("api")[^1]);

        await App.AnalyzedAsync(id);
        App.ProcessesOf("api").Count.ShouldBe(lives + 1);
        (await App.Client.GetByteArrayAsync($"/api/images/{id}/content")).ShouldBe(file);
    }

    private static bool IsDone(string line, string stage) => LogEvents.IsEvent(line, nameof(StageLog.Done)) && line.Contains(stage, StringComparison.Ordinal);
}
