using System.Collections.Concurrent;
using ImageAspire.Tests.Api;
using ImageAspire.Tests.EndToEnd;
using static Microsoft.Playwright.Assertions;

namespace ImageAspire.Tests.Browser;

/// <summary>Sending files from the gallery.</summary>
[Collection(BrowserTests.Name)]
[Trait("Category", "Slow")]
public sealed class GalleryUploadTests(BrowserFixture browser)
{
    [Fact]
    public async Task Upload_FiftyImagesAndOneThatIsNone_AreReceivedThenAnalyzedLive()
    {
        using var folder = new TempFolder();
        await using var app = await RunningApp.StartAsync(folder.Root, workers: 1);
        await using var gallery = await GalleryPage.OpenAsync(browser, app.Address, RunningApp.Key);
        var files = Enumerable.Range(1, 50).Select(seed => ($"photo {seed}.jpg", TestImages.Jpeg(160, 120, seed))).ToList();
        files.Insert(20, ("text.jpg", "no image"u8.ToArray()));

        await gallery.ChooseAsync([.. files]);

        await Expect(gallery.Page.Locator("#uploads-title")).ToHaveTextAsync("50 of 51 received, 1 refused", new() { Timeout = GalleryPage.Patience });
        await Expect(gallery.Page.Locator("#upload-list .refused .state")).ToContainTextAsync("not an accepted image");
        await Expect(gallery.Page.Locator("#uploads-analyzed")).ToHaveTextAsync("50 of 50 images analyzed", new() { Timeout = 60_000 });
        await Expect(gallery.Page.Locator("#grid .status:not(.analyzed)")).ToHaveCountAsync(0, new() { Timeout = GalleryPage.Patience });
        await Expect(gallery.Page.Locator("#grid img.here").First).ToBeVisibleAsync();
        gallery.Problems.ShouldBe(["415 POST /api/images"]); // the text that was no image, and nothing else
    }

    [Fact]
    public async Task Upload_WhileItRuns_ShowsProgressAndCanBeCancelled()
    {
        await using var host = new ApiHost();
        await using var gallery = await GalleryPage.OpenAsync(browser, host);
        await gallery.Page.RouteAsync("**/api/images", _ => Task.CompletedTask); // never answered

        await gallery.ChooseAsync([.. Enumerable.Range(0, 1000).Select(i => ($"{i}.jpg", new byte[] { 1 }))]);

        await Expect(gallery.Page.Locator("#uploads-title")).ToHaveTextAsync("0 of 1,000 received");
        await Expect(gallery.Page.Locator("#upload-list li.sending")).ToHaveCountAsync(3);
        (await gallery.Page.Locator("#upload-list li").CountAsync()).ShouldBeLessThan(30);
        await gallery.Page.Locator("#upload-list li.sending").First.GetByText("Cancel").ClickAsync();
        await Expect(gallery.Page.Locator("#upload-list li.sending")).ToHaveCountAsync(3); // the next one moved up
        await gallery.Page.Locator("#upload-list").EvaluateAsync("list => list.scrollTop = list.scrollHeight");
        await Expect(gallery.Page.Locator("#upload-list li.cancelled")).ToHaveCountAsync(1);
        await gallery.Page.ClickAsync("#cancel-all");
        await Expect(gallery.Page.Locator("#clear-done")).ToBeVisibleAsync();
        await gallery.Page.ClickAsync("#clear-done");
        await Expect(gallery.Page.Locator("#uploads")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Upload_SameBytesAgain_LinksToTheImage()
    {
        await using var host = new ApiHost();
        await host.UploadAsync(seed: 1, "first.jpg");
        await using var gallery = await GalleryPage.OpenAsync(browser, host);

        await gallery.ChooseAsync(("again.jpg", TestImages.Jpeg(seed: 1)));

        await Expect(gallery.Page.Locator("#upload-list .received .state")).ToContainTextAsync("You have this one already");
        await gallery.Page.Locator("#upload-list").GetByText("Show").ClickAsync();
        await Expect(gallery.Page.Locator("#details-name")).ToHaveTextAsync("first.jpg");
        await Expect(gallery.Cards).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task RetryFailed_AfterAServerError_SendsThoseAlone()
    {
        await using var host = new ApiHost();
        await using var gallery = await GalleryPage.OpenAsync(browser, host);
        var sent = new ConcurrentQueue<string>();
        var broken = true;
        await gallery.Page.RouteAsync("**/api/images", async route =>
        {
            var name = route.Request.Headers["x-file-name"];
            sent.Enqueue(name);
            if (broken && name == "b.jpg")
                await route.FulfillAsync(new() { Status = 500, ContentType = "application/problem+json", Body = """{"detail":"The disk is full."}""" });
            else
                await route.ContinueAsync();
        });

        await gallery.ChooseAsync(("a.jpg", TestImages.Jpeg(seed: 1)), ("b.jpg", TestImages.Jpeg(seed: 2)), ("c.jpg", TestImages.Jpeg(seed: 3)));
        await Expect(gallery.Page.Locator("#uploads-title")).ToHaveTextAsync("2 of 3 received, 1 failed");
        await Expect(gallery.Page.Locator("#upload-list .failed .state")).ToHaveTextAsync("The disk is full.");
        broken = false;
        await gallery.Page.ClickAsync("#retry-failed");

        await Expect(gallery.Page.Locator("#uploads-title")).ToHaveTextAsync("3 of 3 received");
        sent.Order().ShouldBe(["a.jpg", "b.jpg", "b.jpg", "c.jpg"]);
    }

    [Fact]
    public async Task Upload_ServerIsBusy_IsSentAgainByItself()
    {
        await using var host = new ApiHost();
        await using var gallery = await GalleryPage.OpenAsync(browser, host);
        var refusals = 2;
        await gallery.Page.RouteAsync("**/api/images", async route =>
        {
            if (refusals-- > 0)
                await route.FulfillAsync(new() { Status = 503, Headers = new Dictionary<string, string> { ["Retry-After"] = "0" }, Body = """{"detail":"Busy."}""" });
            else
                await route.ContinueAsync();
        });

        await gallery.ChooseAsync(("a.jpg", TestImages.Jpeg(seed: 1)), ("b.jpg", TestImages.Jpeg(seed: 2)));

        await Expect(gallery.Page.Locator("#uploads-title")).ToHaveTextAsync("2 of 2 received");
    }

    [Fact]
    public async Task Upload_TheServerGoesAwayAndComesBack_OneFileFailsAndTheOthersWait()
    {
        await using var host = new ApiHost();
        await using var gallery = await GalleryPage.OpenAsync(browser, host);
        var away = true;
        foreach (var address in (string[])["**/api/images", "**/alive"])
            await gallery.Page.RouteAsync(address, route => away ? route.AbortAsync("connectionreset") : route.ContinueAsync());

        await gallery.ChooseAsync([.. Enumerable.Range(1, 20).Select(seed => ($"{seed}.jpg", TestImages.Jpeg(seed: seed)))]);
        await Expect(gallery.Page.Locator("#uploads-analyzed")).ToContainTextAsync("cannot be reached");
        await Expect(gallery.Page.Locator("#uploads-title")).ToHaveTextAsync("0 of 20 received, 3 failed"); // those that were on their way
        await Expect(gallery.Page.Locator("#upload-list .failed .state").First).ToContainTextAsync("connection broke");
        away = false;

        await Expect(gallery.Page.Locator("#uploads-title")).ToHaveTextAsync("17 of 20 received, 3 failed", new() { Timeout = GalleryPage.Patience });
        await gallery.Page.ClickAsync("#retry-failed");
        await Expect(gallery.Page.Locator("#uploads-title")).ToHaveTextAsync("20 of 20 received");
    }

    [Fact]
    public async Task Upload_AFolder_TakesTheImagesOfAllItsFolders()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(Path.Combine(folder.Root, "inside"));
        await File.WriteAllBytesAsync(Path.Combine(folder.Root, "one.jpg"), TestImages.Jpeg(seed: 1));
        await File.WriteAllBytesAsync(Path.Combine(folder.Root, "inside", "two.png"), TestImages.Png(seed: 2));
        await File.WriteAllTextAsync(Path.Combine(folder.Root, "notes.txt"), "no image");
        await using var host = new ApiHost();
        await using var gallery = await GalleryPage.OpenAsync(browser, host);

        await gallery.Page.SetInputFilesAsync("#folder", folder.Root);

        await Expect(gallery.Page.Locator("#uploads-title")).ToHaveTextAsync("2 of 2 received");
        await Expect(gallery.Page.Locator(".toast")).ToContainTextAsync("1 file of the folder is no image and was left out.");
    }

    [Fact]
    public async Task Upload_ADropOrAPaste_IsTaken()
    {
        await using var host = new ApiHost();
        await using var gallery = await GalleryPage.OpenAsync(browser, host);

        foreach (var (kind, seed) in ((string, int)[])[("drop", 1), ("paste", 2)])
        {
            await gallery.Page.EvaluateAsync("""
                ([kind, base64]) => {
                  const bytes = Uint8Array.from(atob(base64), c => c.charCodeAt(0));
                  const data = new DataTransfer();
                  data.items.add(new File([bytes], `${kind}.jpg`, { type: 'image/jpeg' }));
                  const event = kind === 'drop' ? new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true })
                    : new ClipboardEvent('paste', { clipboardData: data, bubbles: true });
                  document.body.dispatchEvent(event);
                }
                """, new object[] { kind, Convert.ToBase64String(TestImages.Jpeg(seed: seed)) });
            await Expect(gallery.Card($"{kind}.jpg")).ToBeVisibleAsync();
        }

        gallery.Problems.ShouldBeEmpty();
    }
}
