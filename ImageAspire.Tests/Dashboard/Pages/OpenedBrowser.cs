using ImageAspire.Tests.Browser;
using Microsoft.Playwright;

namespace ImageAspire.Tests.Dashboard.Pages;

/// <summary>A browser with one page, which notes everything that goes wrong in it and in those that it opens: also what the content security policy forbids.</summary>
internal sealed class OpenedBrowser : IAsyncDisposable
{
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    // Only a failing test waits as long.
    static OpenedBrowser() => Assertions.SetDefaultExpectTimeout(60_000);

    private OpenedBrowser(IPlaywright playwright, IBrowser browser, IPage page)
    {
        (_playwright, _browser, Page) = (playwright, browser, page);
        page.Context.WebError += (_, failed) => Note(failed.Error);
        page.Context.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                Note(message.Text);
        };
        page.Context.Response += (_, response) =>
        {
            if (response.Status >= 400)
                Note($"{response.Status} {response.Request.Method} {new Uri(response.Url).AbsolutePath}");
        };
    }

    public IPage Page { get; }

    public List<string> Problems { get; } = [];

    public static async Task<OpenedBrowser> StartAsync(int width = 1280)
    {
        var playwright = await Playwright.CreateAsync();
        var browser = await BrowserFactAttribute.LaunchAsync(playwright);
        return new OpenedBrowser(playwright, browser, await browser.NewPageAsync(new() { ViewportSize = new() { Width = width, Height = 700 } }));
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }

    private void Note(string problem)
    {
        lock (Problems)
            Problems.Add(problem);
    }
}
