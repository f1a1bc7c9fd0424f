using System.Net;
using System.Net.Http.Json;
using ImageAspire.Tests.EndToEnd;
using ImageAspire.Tests.Http;
using Microsoft.Playwright;

namespace ImageAspire.Tests.Browser;

/// <summary>An operator with a browser, on real processes.</summary>
[Collection(WholeSystem.Name)]
[Trait("Category", "Slow")]
public sealed class OperationsPagesTests(OperationsSystem system, BrowserFixture chromium)
    : IClassFixture<OperationsSystem>, IClassFixture<BrowserFixture>, IAsyncDisposable
{
    private const string Hostile = "<img src=x onerror=\"document.title='owned'\">.jpg";
    private readonly List<string> _problems = [];
    private readonly List<IPage> _pages = [];

    /// <summary>Leaves no dead letter, webhook or failed image to the next test.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!system.IsStarted)
            return;
        foreach (var page in _pages)
            await page.CloseAsync();
        var http = (await system.AppAsync()).Client;
        foreach (var letter in await http.GetItemsAsync<DeadLetterDto>("/api/operations/dead-letters"))
            await DeleteAsync(http, $"/api/operations/dead-letters/{letter.Id}?reason=end+of+the+test");
        foreach (var webhook in await http.GetItemsAsync<WebhookDto>("/api/webhooks"))
            await DeleteAsync(http, $"/api/webhooks/{webhook.Id}");
        foreach (var image in await http.GetItemsAsync<ImageDto>("/api/images?status=failed"))
            await DeleteAsync(http, $"/api/images/{image.Id}");
    }

    [Fact]
    public async Task Flow_PauseUploadFailRetry_IsSeenOnThePagesAndEndsAnalyzed()
    {
        var (app, browser) = await StartAsync();
        var page = await OpenAsync(browser, app, "");
        var inspect = page.Locator("[data-name=inspect-image]");

        // Pause, after a question; what arrives is seen to wait.
        await inspect.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Ask(page, "Pause").ClickAsync();
        await Assertions.Expect(inspect.Locator(".pill")).ToContainTextAsync("paused");
        var id = await app.UploadAsync(TestImages.Jpeg(640, 480, seed: 21), Hostile);
        await Assertions.Expect(page.Locator(".alarm")).ToContainTextAsync("inspect-image is paused and 1 message waits");
        await Assertions.Expect(inspect.Locator(".figure")).ToHaveTextAsync("1");
        await Assertions.Expect(inspect.Locator(".pill")).ToHaveTextAsync("paused, growing");

        // The bytes go astray, so the stage gives up; the letter says why, and the name is text.
        var file = Directory.GetFiles(Path.Combine(system.Data, "blobs"), $"*{id}*", SearchOption.AllDirectories).ShouldHaveSingleItem();
        File.Move(file, Path.Combine(system.Data, "astray"));
        await inspect.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await Assertions.Expect(page.Locator(".alarm")).ToBeHiddenAsync();
        await Assertions.Expect(page.Locator("#dead-count")).ToHaveTextAsync("1");
        await inspect.Locator("a.bad").ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Uri(app.Address, "/operations/?view=dead-letters&subscription=inspect-image").ToString());
        var letter = page.Locator(".rows .row");
        await Assertions.Expect(letter).ToHaveCountAsync(1);
        await Assertions.Expect(letter.Locator(".reason")).ToHaveTextAsync("content-unavailable");
        await Assertions.Expect(letter.Locator(".image-link")).ToHaveTextAsync(Hostile);
        await letter.Locator("summary").ClickAsync();
        await Assertions.Expect(letter.Locator("pre")).ToContainTextAsync("\"type\": \"image.received\"");

        // Retry when the cause is gone.
        File.Move(Path.Combine(system.Data, "astray"), file);
        await letter.GetByRole(AriaRole.Button, new() { Name = "Retry" }).ClickAsync();
        await Assertions.Expect(page.Locator("#toasts")).ToContainTextAsync("It is being retried.");
        await Assertions.Expect(page.GetByText("No dead letters.")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#dead-count")).ToBeHiddenAsync();
        await app.AnalyzedAsync(id);

        // The audit log knows all of it, and "back" goes back.
        await page.GotoAsync(new Uri(app.Address, $"/operations/?view=audit&image={id}&type=image.failed").ToString());
        await Assertions.Expect(page.Locator(".rows .row")).ToHaveCountAsync(1);
        await page.GetByRole(AriaRole.Link, new() { Name = "Clear" }).ClickAsync();
        await Assertions.Expect(page.Locator(".rows .row code", new() { HasTextString = "image.analyzed" }).First).ToBeVisibleAsync();
        await page.GoBackAsync();
        await Assertions.Expect(page.Locator(".rows .row")).ToHaveCountAsync(1);
        (await page.TitleAsync()).ShouldBe("Audit · ImageAspire");
        _problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task DeadLetters_ResolvedByAnotherOrOffline_ShowsAMessage()
    {
        var (app, browser) = await StartAsync();
        await FailAsync(app, seed: 22);
        var page = await OpenAsync(browser, app, "?view=dead-letters");
        var letter = page.Locator(".rows .row");
        await Assertions.Expect(letter).ToHaveCountAsync(1);

        // From here on the page learns nothing new.
        await page.RouteAsync("**/api/operations/dead-letters?*", route => route.AbortAsync());
        await Assertions.Expect(page.Locator("#live.lost")).ToContainTextAsync("No connection");
        await Assertions.Expect(letter).ToHaveCountAsync(1); // the last figures stay
        var id = (await LettersAsync(app)).Single().Id;
        using (await app.Client.DeleteAsync(new Uri($"/api/operations/dead-letters/{id}?reason=uploaded+twice", UriKind.Relative))) { }

        await letter.GetByRole(AriaRole.Button, new() { Name = "Retry" }).ClickAsync();
        await Assertions.Expect(page.Locator("#toasts")).ToContainTextAsync("Another operator has already retried or discarded");

        await page.UnrouteAllAsync();
        await Assertions.Expect(page.Locator("#live.on")).ToHaveTextAsync("live");
        await Assertions.Expect(page.GetByText("No dead letters.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task DeadLetters_DiscardAndRunMissing_AskFirstAndWork()
    {
        var (app, browser) = await StartAsync();
        var (id, giveBack) = await FailAsync(app, seed: 23);
        var page = await OpenAsync(browser, app, "?view=dead-letters");

        await page.Locator(".row").GetByRole(AriaRole.Button, new() { Name = "Discard" }).ClickAsync();
        await page.Keyboard.PressAsync("Escape");
        (await LettersAsync(app)).Count.ShouldBe(1);
        await page.Locator(".row").GetByRole(AriaRole.Button, new() { Name = "Discard" }).ClickAsync();
        await page.Locator("#ask").GetByLabel("Reason").FillAsync("the bytes come back");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByText("No dead letters.")).ToBeVisibleAsync();

        // The image is still failed; the run finds it.
        giveBack();
        await page.GetByRole(AriaRole.Link, new() { Name = "Flow" }).ClickAsync();
        var inspect = page.Locator("[data-name=inspect-image]");
        await inspect.GetByRole(AriaRole.Button, new() { Name = "Run missing" }).ClickAsync();
        await Ask(page, "Run missing").ClickAsync();
        await Assertions.Expect(inspect.Locator(".runs")).ToContainTextAsync("1 sent");
        await app.AnalyzedAsync(id);
        _problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task Webhooks_MakeTestAndDelete_ShowTheSecretOnceAndEveryTry()
    {
        var (app, browser) = await StartAsync();
        var page = await OpenAsync(browser, app, "?view=webhooks");

        await page.GetByLabel("Address").FillAsync("http://127.0.0.1:9/hook?<b>x</b>");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make a webhook" }).ClickAsync();
        await Assertions.Expect(page.Locator("#ask .secret")).ToContainTextAsync("whsec_");
        var secret = await page.Locator("#ask .secret").TextContentAsync();
        await Ask(page, "I have stored it").ClickAsync();
        await Assertions.Expect(page.Locator("#ask")).ToBeHiddenAsync();
        (await page.ContentAsync()).ShouldNotContain(secret!);
        await Assertions.Expect(page.Locator(".row")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator(".row b")).ToHaveCountAsync(0);

        await page.GetByRole(AriaRole.Link, new() { Name = "Deliveries" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Send a test" }).ClickAsync();
        await Assertions.Expect(page.Locator(".row code", new() { HasTextString = "webhook.test" })).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator(".row dd", new() { HasTextString = "address-refused" })).ToHaveCountAsync(1); // loopback is not public
        await page.Locator(".row summary").ClickAsync();
        await Assertions.Expect(page.Locator(".tries li").First).ToContainTextAsync("1. address-refused");

        await page.GoBackAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Ask(page, "Delete").ClickAsync();
        await Assertions.Expect(page.GetByText("No webhooks.")).ToBeVisibleAsync();
        _problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task Keys_MakeUseEditAndRevoke_ShowTheSecretOnceAndEndTheKey()
    {
        var (app, browser) = await StartAsync();
        var page = await OpenAsync(browser, app, "?view=keys");
        await Assertions.Expect(page.Locator("[data-name=apphost]")).ToContainTextAsync("from the configuration");
        await Assertions.Expect(page.Locator("[data-name=apphost] button")).ToHaveCountAsync(0);

        await page.GetByLabel("Name").FillAsync("camera");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make a key" }).ClickAsync();
        var secret = await page.Locator("#ask .secret").TextContentAsync();
        await Ask(page, "I have stored it").ClickAsync();
        var row = page.Locator("[data-name=camera]");
        await Assertions.Expect(row.Locator(".pill")).ToHaveTextAsync("active");
        (await page.ContentAsync()).ShouldNotContain(secret!);
        using var camera = new HttpClient { BaseAddress = app.Address };
        camera.DefaultRequestHeaders.Add("X-API-Key", secret);
        (await StatusAsync(camera, "/api/images")).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(camera, "/api/audit")).ShouldBe(HttpStatusCode.Forbidden);

        await row.GetByRole(AriaRole.Button, new() { Name = "Edit" }).ClickAsync();
        await row.GetByLabel("operate").CheckAsync();
        await row.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(row.Locator("dd").First).ToHaveTextAsync("read, operate");
        await Eventually.TrueAsync(async () => await StatusAsync(camera, "/api/audit") == HttpStatusCode.OK);

        await row.GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();
        await Ask(page, "Revoke").ClickAsync();
        await Assertions.Expect(row).ToHaveCountAsync(0);
        await Eventually.TrueAsync(async () => await StatusAsync(camera, "/api/images") == HttpStatusCode.Unauthorized);
        await page.GetByRole(AriaRole.Link, new() { Name = "Show those revoked" }).ClickAsync();
        await Assertions.Expect(row.Locator(".pill")).ToHaveTextAsync("revoked");
        _problems.ShouldBeEmpty();
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
        return answer.StatusCode;
    }

    [Fact]
    public async Task EveryPage_PhoneWidthAndHostileText_HasNoSidewaysScrollingAndNoMarkup()
    {
        var (app, browser) = await StartAsync();
        var (_, giveBack) = await FailAsync(app, seed: 24, Hostile + new string('W', 150) + "\u202egpj.\U0001f4f7");
        giveBack();
        await app.AnalyzedAsync(await app.UploadAsync(TestImages.Jpeg(seed: 25)));
        using (await app.Client.PostAsJsonAsync("/api/webhooks", new { url = "https://example.com/" + new string('w', 300) })) { }
        var page = await OpenAsync(browser, app, "", width: 375);

        foreach (var (view, shown) in new[]
        {
            ("", "[data-name=update-reports] dd"), ("?view=dead-letters", ".row .reason"), ("?view=reports", "table tbody tr"),
            ("?view=webhooks", ".row .url"), ("?view=audit", ".row time"), ("?view=keys", ".row .url"),
        })
        {
            await page.GotoAsync(new Uri(app.Address, "/operations/" + view).ToString());
            await Assertions.Expect(page.Locator(shown).First).ToBeVisibleAsync();
            (await page.Locator("html").EvaluateAsync<int>("html => html.scrollWidth")).ShouldBeLessThanOrEqualTo(375, view);
            await Assertions.Expect(page.Locator("main img")).ToHaveCountAsync(0);
            (await page.TitleAsync()).ShouldEndWith("· ImageAspire");
        }

        _problems.ShouldBeEmpty();
    }

    private static async Task DeleteAsync(HttpClient http, string path)
    {
        using var answer = await http.DeleteAsync(new Uri(path, UriKind.Relative));
        answer.EnsureSuccessStatusCode();
    }

    private async Task<(RunningApp App, IBrowser Browser)> StartAsync()
    {
        var browser = await chromium.BrowserAsync(); // without one the test is skipped
        return (await system.AppAsync(), browser);
    }

    private async Task<IPage> OpenAsync(IBrowser browser, RunningApp app, string query, int width = 1280)
    {
        Assertions.SetDefaultExpectTimeout(60_000); // only a failing test waits for it
        var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = width, Height = 800 } });
        _pages.Add(page);
        page.PageError += (_, error) => _problems.Add(error);
        page.Response += (_, response) =>
        {
            if (response.Status >= 400)
                _problems.Add($"{response.Status} {response.Request.Method} {new Uri(response.Url).PathAndQuery}");
        };
        await page.GotoAsync(await app.SignInLinkAsync());
        await Assertions.Expect(page).ToHaveURLAsync(new Uri(app.Address, "/").ToString()); // the page of the sign-in goes on by itself
        await page.GotoAsync(new Uri(app.Address, "/operations/" + query).ToString());
        await Assertions.Expect(page.Locator("#live")).ToHaveTextAsync("live");
        return page;
    }

    private static ILocator Ask(IPage page, string action) => page.Locator("#ask").GetByRole(AriaRole.Button, new() { Name = action, Exact = true });

    /// <summary>An image whose bytes go astray before its inspection; with what gives them back.</summary>
    private async Task<(Guid Id, Action GiveBack)> FailAsync(RunningApp app, int seed, string name = "photo.jpg")
    {
        using (await app.Client.PostAsync(new Uri("/api/operations/subscriptions/inspect-image/pause", UriKind.Relative), null)) { }
        var id = await app.UploadAsync(TestImages.Jpeg(640, 480, seed), name);
        var file = Directory.GetFiles(Path.Combine(system.Data, "blobs"), $"*{id}*", SearchOption.AllDirectories).ShouldHaveSingleItem();
        var astray = Path.Combine(system.Data, $"astray-{seed}");
        File.Move(file, astray);
        using (await app.Client.PostAsync(new Uri("/api/operations/subscriptions/inspect-image/resume", UriKind.Relative), null)) { }
        await Eventually.TrueAsync(async () => (await LettersAsync(app)).Count == 1);
        return (id, () => File.Move(astray, file));
    }

    private static Task<IReadOnlyList<DeadLetterDto>> LettersAsync(RunningApp app) => app.Client.GetItemsAsync<DeadLetterDto>("/api/operations/dead-letters");
}
