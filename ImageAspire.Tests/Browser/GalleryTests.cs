using ImageAspire.Tests.Embedded;
using ImageAspire.Tests.EndToEnd;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace ImageAspire.Tests.Browser;

/// <summary>The gallery in a real browser. Where there is none, the tests are reported as skipped, with what to install.</summary>
[Collection(EndToEndTests.Name)]
public sealed class GalleryTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BrowserFact]
    public async Task Gallery_DropFiles_TurnFromReceivedToAnalyzedLive()
    {
        await using var app = await RunningApp.StartAsync(_folder.Root, workers: 1);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await BrowserFactAttribute.LaunchAsync(playwright);
        var page = await browser.NewPageAsync();
        var problems = new List<string>();
        page.PageError += (_, error) => problems.Add(error);
        page.Response += (_, response) =>
        {
            if (response.Status >= 400)
                problems.Add($"{response.Status} {response.Request.Method} {new Uri(response.Url).AbsolutePath}");
        };

        await page.GotoAsync(app.SignInAddress);
        await Assertions.Expect(page.Locator("#live")).ToHaveTextAsync("live");
        await page.SetInputFilesAsync("#files",
        [
            new FilePayload { Name = "<b>bold.jpg", MimeType = "image/jpeg", Buffer = TestImages.Jpeg(640, 480, seed: 1) },
            new FilePayload { Name = "two.png", MimeType = "image/png", Buffer = TestImages.Png(300, 400, seed: 2) },
            new FilePayload { Name = "text.jpg", MimeType = "image/jpeg", Buffer = "no picture"u8.ToArray() },
        ]);

        await Assertions.Expect(page.Locator("#grid .status.analyzed")).ToHaveCountAsync(2, new() { Timeout = 30_000 });
        await Assertions.Expect(page.Locator("#uploads-title")).ToHaveTextAsync("2 of 3 received, 1 refused");
        await Assertions.Expect(page.Locator("#upload-list .refused .state")).ToContainTextAsync("not an accepted image");
        await Assertions.Expect(page.Locator("#grid img")).ToHaveCountAsync(2);

        // A name is data: shown as it is, never as markup.
        await page.Locator("#grid .card", new() { HasText = "<b>bold.jpg" }).Locator("button").ClickAsync();
        await Assertions.Expect(page.Locator("#details-name")).ToHaveTextAsync("<b>bold.jpg");
        await Assertions.Expect(page.Locator("#details .sentence")).ToContainTextAsync("landscape");
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.Locator("#details")).Not.ToBeVisibleAsync();

        await page.FillAsync("input[name=q]", "two");
        await Assertions.Expect(page.Locator("#grid .card")).ToHaveCountAsync(1);
        problems.ShouldBe(["415 POST /api/images"]); // the text that was no picture, and nothing else
    }

    [BrowserFact]
    public async Task Details_ObjectsPeopleAndText_AreDrawnOverThePictureAndCanBeHidden()
    {
        await using var app = await RunningApp.StartAsync(_folder.Root, workers: 1);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await BrowserFactAttribute.LaunchAsync(playwright);
        var page = await browser.NewPageAsync();
        // The record as an analyser that sees would have written it.
        await page.RouteAsync(new Regex("/api/images/[0-9a-f-]{36}$"), async route =>
        {
            // Always the whole record: an answer of 304 would have nothing to change.
            var headers = route.Request.Headers.Where(header => header.Key != "if-none-match").ToDictionary();
            var response = await route.FetchAsync(new() { Headers = headers });
            if (response.Status != 200)
            {
                await route.FulfillAsync(new() { Response = response });
                return;
            }

            var record = JsonNode.Parse(await response.TextAsync())!;
            if (record["analysis"] is { } analysis) // the page asks before there is one, too
            {
                analysis["objects"] = JsonNode.Parse("""[{"name":"dog","confidence":0.9,"box":{"x":64,"y":48,"width":320,"height":240}},{"name":"person","confidence":0.8,"box":{"x":0,"y":0,"width":64,"height":240}}]""");
                analysis["people"] = JsonNode.Parse("""[{"confidence":0.8,"box":{"x":0,"y":0,"width":64,"height":240}}]""");
                analysis["text"] = JsonNode.Parse("""[{"text":"<b>SALE</b>","confidence":1,"box":{"x":320,"y":400,"width":100,"height":30}}]""");
            }

            await route.FulfillAsync(new() { Response = response, Body = record.ToJsonString() });
        });
        await page.GotoAsync(app.SignInAddress);
        await page.SetInputFilesAsync("#files", new FilePayload { Name = "dog.jpg", MimeType = "image/jpeg", Buffer = TestImages.Jpeg(640, 480) });
        await Assertions.Expect(page.Locator("#grid .status.analyzed")).ToHaveCountAsync(1, new() { Timeout = 30_000 });
        await page.Locator("#grid .card button").ClickAsync();

        await Assertions.Expect(page.Locator("#details .boxes g")).ToHaveCountAsync(3);
        await Assertions.Expect(page.Locator("#details dd", new() { HasTextString = "<b>SALE</b>" })).ToBeVisibleAsync();
        var (picture, dog) = (await BoxAsync(page, "#details .shown img"), await BoxAsync(page, "#details .boxes .object rect"));
        dog.X.ShouldBe(picture.X + 0.1f * picture.Width, 3);
        dog.Y.ShouldBe(picture.Y + 0.1f * picture.Height, 3);
        dog.Width.ShouldBe(0.5f * picture.Width, 5); // the line has a width of its own

        await page.GetByLabel("Show 3 boxes").UncheckAsync();
        await Assertions.Expect(page.Locator("#details .boxes")).ToBeHiddenAsync();
    }

    private static async Task<LocatorBoundingBoxResult> BoxAsync(IPage page, string selector) => (await page.Locator(selector).BoundingBoxAsync())!;

    [BrowserFact]
    public async Task Gallery_PhoneWidth_HasNoSidewaysScrolling()
    {
        await using var app = await RunningApp.StartAsync(_folder.Root, workers: 0);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await BrowserFactAttribute.LaunchAsync(playwright);
        var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = 375, Height = 700 } });
        await app.UploadAsync(TestImages.Jpeg(seed: 3), new string('W', 150) + ".jpg");

        await page.GotoAsync(app.SignInAddress);
        await Assertions.Expect(page.Locator("#grid .card")).ToHaveCountAsync(1);

        (await page.Locator("html").EvaluateAsync<int>("html => html.scrollWidth")).ShouldBeLessThanOrEqualTo(375);
    }

    [BrowserFact]
    public async Task Gallery_NotSignedIn_IsShownTheWayIn()
    {
        await using var app = await RunningApp.StartAsync(_folder.Root, workers: 0);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await BrowserFactAttribute.LaunchAsync(playwright);
        var page = await browser.NewPageAsync();

        await page.GotoAsync(app.Address.ToString());
        await Assertions.Expect(page).ToHaveURLAsync(new Uri(app.Address, "/signin").ToString());
        await page.FillAsync("input[name=token]", "wrong");
        await page.ClickAsync("text=Sign in");
        await Assertions.Expect(page.Locator("[role=alert]")).ToContainTextAsync("not known here");
        await page.FillAsync("input[name=token]", RunningApp.Key);
        await page.ClickAsync("button");
        await Assertions.Expect(page.Locator("#drop")).ToBeVisibleAsync();
    }
}
