using System.Text.RegularExpressions;
using ImageAspire.Tests.Api;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ImageAspire.Tests.Browser;

/// <summary>The gallery, signed in and live, in a browser context of its own.</summary>
internal sealed partial class GalleryPage : IAsyncDisposable
{
    /// <summary>Far longer than anything takes; only a failing test waits for it.</summary>
    public const float Patience = 60_000;

    private readonly IBrowserContext _context;
    private readonly List<string> _problems = [];

    private GalleryPage(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
        page.SetDefaultTimeout(Patience);
        page.PageError += (_, error) => _problems.Add(error);
        page.Console += (_, message) =>
        {
            // What the network refused is reported with its address below.
            if (message.Type is "error" or "warning" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
                _problems.Add(message.Text);
        };
        page.Response += (_, response) =>
        {
            if (response.Status >= 400)
                _problems.Add($"{response.Status} {response.Request.Method} {Id().Replace(new Uri(response.Url).AbsolutePath, "ID")}");
        };
    }

    public IPage Page { get; }

    public IBrowserContext Context => _context;

    /// <summary>Everything that went wrong so far: errors of scripts, warnings, answers from 400 on.</summary>
    public IReadOnlyCollection<string> Problems => _problems;

    public ILocator Cards => Page.Locator("#grid .card:not(.gap)");

    public static Task<GalleryPage> OpenAsync(BrowserFixture fixture, ApiHost host, string query = "", int width = 1280, string key = ApiHost.AllKey) =>
        OpenAsync(fixture, host.Address, key, query, width);

    public static async Task<GalleryPage> OpenAsync(BrowserFixture fixture, Uri address, string secret, string query = "", int width = 1280)
    {
        var browser = await fixture.BrowserAsync();
        var context = await browser.NewContextAsync(new()
        {
            BaseURL = address.ToString(), ViewportSize = new() { Width = width, Height = 860 }, ReducedMotion = ReducedMotion.Reduce, Locale = "en-US",
        });
        var gallery = new GalleryPage(context, await context.NewPageAsync());
        var form = context.APIRequest.CreateFormData();
        form.Set("token", secret);
        await context.APIRequest.PostAsync("/signin", new() { Form = form });
        await gallery.Page.GotoAsync("/" + query, new() { WaitUntil = WaitUntilState.DOMContentLoaded });
        await gallery.LiveAsync();
        return gallery;
    }

    public Task LiveAsync() => Expect(Page.Locator("#live")).ToHaveTextAsync("live", new() { Timeout = Patience });

    public ILocator Card(string name) => Page.Locator("#grid .card", new() { HasText = name });

    public Task OpenCardAsync(string name) => Card(name).Locator(".frame").ClickAsync();

    public async Task SelectAsync(string name)
    {
        await Card(name).HoverAsync();
        await Card(name).Locator(".check").ClickAsync();
    }

    public Task ChooseAsync(params (string Name, byte[] File)[] files) => Page.SetInputFilesAsync("#files",
        files.Select(file => new FilePayload { Name = file.Name, MimeType = "image/jpeg", Buffer = file.File }));

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    [GeneratedRegex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
    private static partial Regex Id();
}
