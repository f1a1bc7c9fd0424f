using Microsoft.Playwright;

namespace ImageAspire.Tests.Browser;

/// <summary>Dead letters, with other operators and without a connection.</summary>
[Collection(OperationsPages.Name)]
[Trait("Category", "Slow")]
public sealed class OperationsDeadLetterTests(OperationsSystem system, BrowserFixture chromium) : OperationsPagesTest(system, chromium)
{
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
        Problems.ShouldBeEmpty();
    }
}
