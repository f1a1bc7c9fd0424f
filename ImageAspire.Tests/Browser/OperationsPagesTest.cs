using ImageAspire.Tests.EndToEnd;
using ImageAspire.Tests.Http;
using Microsoft.Playwright;

namespace ImageAspire.Tests.Browser;

/// <summary>An operator with a browser, on real processes.</summary>
public abstract class OperationsPagesTest(OperationsSystem system, BrowserFixture chromium) : IAsyncDisposable
{
    private protected const string Hostile = "<img src=x onerror=\"document.title='owned'\">.jpg";
    private readonly List<IPage> _pages = [];

    private protected List<string> Problems { get; } = [];

    private protected string Data => system.Data;

    /// <summary>Leaves no dead letter, webhook or failed image to the next test.</summary>
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
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
            await DeleteAsync(http, $"/api/images/{image.Id}?purge=true");
    }

    private static async Task DeleteAsync(HttpClient http, string path)
    {
        using var answer = await http.DeleteAsync(new Uri(path, UriKind.Relative));
        answer.EnsureSuccessStatusCode();
    }

    private protected async Task<(RunningApp App, IBrowser Browser)> StartAsync()
    {
        var browser = await chromium.BrowserAsync(); // without one the test is skipped
        return (await system.AppAsync(), browser);
    }

    private protected async Task<IPage> OpenAsync(IBrowser browser, RunningApp app, string query, int width = 1280)
    {
        Assertions.SetDefaultExpectTimeout(60_000); // only a failing test waits for it
        var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = width, Height = 800 } });
        _pages.Add(page);
        page.PageError += (_, error) => Problems.Add(error);
        page.Response += (_, response) =>
        {
            if (response.Status >= 400)
                Problems.Add($"{response.Status} {response.Request.Method} {new Uri(response.Url).PathAndQuery}");
        };
        await page.GotoAsync(await app.SignInLinkAsync());
        await Assertions.Expect(page).ToHaveURLAsync(new Uri(app.Address, "/").ToString()); // the page of the sign-in goes on by itself
        await page.GotoAsync(new Uri(app.Address, "/operations/" + query).ToString());
        await Assertions.Expect(page.Locator("#live")).ToHaveTextAsync("live");
        return page;
    }

    private protected static ILocator Ask(IPage page, string action) => page.Locator("#ask").GetByRole(AriaRole.Button, new() { Name = action, Exact = true });

    /// <summary>An image whose bytes go astray before its inspection; with what gives them back.</summary>
    private protected async Task<(Guid Id, Action GiveBack)> FailAsync(RunningApp app, int seed, string name = "photo.jpg")
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

    private protected static Task<IReadOnlyList<DeadLetterDto>> LettersAsync(RunningApp app) => app.Client.GetItemsAsync<DeadLetterDto>("/api/operations/dead-letters");
}
