using Microsoft.Playwright;

namespace ImageAspire.Tests.Browser;

/// <summary>One Chromium for all browser tests, started when the first one needs it; each test has a context (cookies, storage) of its own.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private readonly Lazy<Task<(IPlaywright Playwright, IBrowser Browser)>> _browser = new(async () =>
    {
        var playwright = await Playwright.CreateAsync();
        return (playwright, await BrowserFactAttribute.LaunchAsync(playwright));
    });

    public async Task<IBrowser> BrowserAsync() => (await _browser.Value).Browser;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
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
