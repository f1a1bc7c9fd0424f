using ImageAspire.Tests.Requirements;
using Microsoft.Playwright;

namespace ImageAspire.Tests.Browser;

/// <summary>One Chromium for all browser tests, started when the first one needs it; each test has a context (cookies, storage) of its own.</summary>
public sealed class BrowserFixture : IAsyncDisposable
{
    private readonly Lazy<Task<(IPlaywright Playwright, IBrowser Browser)>> _browser = new(async () =>
    {
        var playwright = await Playwright.CreateAsync();
        return (playwright, await LaunchAsync(playwright));
    });

    /// <summary>The browser; without one the test is skipped.</summary>
    public async Task<IBrowser> BrowserAsync()
    {
        Requires.Chromium();
        return (await _browser.Value).Browser;
    }

    private static Task<IBrowser> LaunchAsync(IPlaywright playwright) => playwright.Chromium.LaunchAsync(new()
    {
        ExecutablePath = Requires.Chromium(),
        Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    });

    public async ValueTask DisposeAsync()
    {
        if (!_browser.IsValueCreated)
            return;
        var (playwright, browser) = await _browser.Value;
        await browser.DisposeAsync();
        playwright.Dispose();
    }
}

/// <summary>Browser tests run one after the other: a page that has to share two processors with other pages tests patience.</summary>
[CollectionDefinition(Name)]
public sealed class BrowserTests : ICollectionFixture<BrowserFixture>
{
    public const string Name = "browser";
}
