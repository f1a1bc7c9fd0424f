using ImageAspire.Tests.Http;
using Microsoft.Playwright;

namespace ImageAspire.Tests.Browser;

/// <summary>The hash chain on the page of the audit log.</summary>
[Collection(OperationsPages.Name)]
[Trait("Category", "Slow")]
public sealed class OperationsAuditTests(OperationsSystem system, BrowserFixture chromium) : OperationsPagesTest(system, chromium)
{
    [Fact]
    public async Task Verify_WithAndWithoutAnEarlierHead_SaysWhatWasFound()
    {
        var (app, browser) = await StartAsync();
        await app.AnalyzedAsync(await app.UploadAsync(TestImages.Jpeg(seed: 41)));
        var head = await app.Client.GetAsync<AuditHeadDto>("/api/audit/head");
        var page = await OpenAsync(browser, app, "?view=audit");
        var chain = page.GetByRole(AriaRole.Region, new() { Name = "Hash chain" });
        await Assertions.Expect(chain.Locator("code")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^[0-9]+:[0-9a-f]{64}$"));

        await VerifyAsync("");
        await Assertions.Expect(chain.GetByRole(AriaRole.Status)).ToContainTextAsync("is unbroken.");

        await VerifyAsync($"{head.Number}:{head.Hash}");
        await Assertions.Expect(chain.GetByRole(AriaRole.Status)).ToContainTextAsync("is unbroken and contains the earlier head.");

        await VerifyAsync($"{head.Number}:{new string('0', 64)}");
        await Assertions.Expect(chain.GetByRole(AriaRole.Status)).ToHaveTextAsync($"The audit log was changed: entry {head.Number} is not the one of the earlier head.");
        Problems.ShouldBeEmpty();

        async Task VerifyAsync(string earlier)
        {
            await chain.GetByRole(AriaRole.Button, new() { Name = "Verify the chain" }).ClickAsync();
            await page.Locator("#ask").GetByLabel("An earlier head").FillAsync(earlier);
            await Ask(page, "Verify").ClickAsync();
        }
    }
}
