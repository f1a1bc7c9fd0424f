using System.Net;
using Microsoft.Playwright;

namespace ImageAspire.Tests.Browser;

/// <summary>Webhooks and keys: their secrets are shown once.</summary>
[Collection(OperationsPages.Name)]
[Trait("Category", "Slow")]
public sealed class OperationsSecretsTests(OperationsSystem system, BrowserFixture chromium) : OperationsPagesTest(system, chromium)
{
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
        await Assertions.Expect(page.Locator(".row dd", new() { HasTextString = "connection-failed" })).ToHaveCountAsync(1); // nothing listens on the discard port
        await page.Locator(".row summary").ClickAsync();
        await Assertions.Expect(page.Locator(".tries li").First).ToContainTextAsync("1. connection-failed");

        await page.GoBackAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Ask(page, "Delete").ClickAsync();
        await Assertions.Expect(page.GetByText("No webhooks.")).ToBeVisibleAsync();
        Problems.ShouldBeEmpty();
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
        Problems.ShouldBeEmpty();
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
        return answer.StatusCode;
    }
}
