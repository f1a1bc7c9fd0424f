using System.Net.Http.Json;
using Microsoft.Playwright;

namespace ImageAspire.Tests.Browser;

/// <summary>The path of an image, and every page on a phone.</summary>
[Collection(OperationsPages.Name)]
[Trait("Category", "Slow")]
public sealed class OperationsFlowTests(OperationsSystem system, BrowserFixture chromium) : OperationsPagesTest(system, chromium)
{
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
        var file = Directory.GetFiles(Path.Combine(Data, "blobs"), $"*{id}*", SearchOption.AllDirectories).ShouldHaveSingleItem();
        File.Move(file, Path.Combine(Data, "astray"));
        await inspect.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await Assertions.Expect(page.Locator("#dead-count")).ToHaveTextAsync("1");
        await Assertions.Expect(page.Locator(".alarm")).ToHaveTextAsync("inspect-image: 1 message is dead-lettered and waits for an operator.");
        await page.Locator(".alarm a").ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Uri(app.Address, "/operations/?view=dead-letters&subscription=inspect-image").ToString());
        var letter = page.Locator(".rows .row");
        await Assertions.Expect(letter).ToHaveCountAsync(1);
        await Assertions.Expect(letter.Locator(".reason")).ToHaveTextAsync("content-unavailable");
        await Assertions.Expect(letter.Locator(".image-link")).ToHaveTextAsync(Hostile);
        await letter.Locator("summary").ClickAsync();
        await Assertions.Expect(letter.Locator("pre")).ToContainTextAsync("\"type\": \"image.received\"");

        // Retry when the cause is gone.
        File.Move(Path.Combine(Data, "astray"), file);
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
        Problems.ShouldBeEmpty();
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

        Problems.ShouldBeEmpty();
    }
}
