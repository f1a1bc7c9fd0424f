using System.Text.Json.Nodes;
using ImageAspire.Core.Pipeline;
using ImageAspire.Tests.Api;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ImageAspire.Tests.Browser;

/// <summary>The operations pages show the stages of the catalog, and name none themselves.</summary>
[Collection(BrowserTests.Name)]
public sealed class OperationsStagesTests(BrowserFixture chromium)
{
    private static readonly string Pages = Path.Combine(AppContext.BaseDirectory, "wwwroot", "operations");

    [Fact]
    public async Task Pages_EveryStageOfTheCatalog_HasACardInItsOrderAndAFilter()
    {
        await using var host = new ApiHost();
        await using var gallery = await GalleryPage.OpenAsync(chromium, host);

        await gallery.Page.GotoAsync(new Uri(host.Address, "/operations/").ToString());
        foreach (var stage in StageCatalog.All)
            await Expect(Card(gallery.Page, stage.Subscription)).ToContainTextAsync(stage.Summary);
        (await NamesAsync(gallery.Page, ".path .card-op h3")).ShouldBe(["ReceiveImage", .. StageCatalog.Reprocessable.Select(stage => stage.Name)]);
        (await NamesAsync(gallery.Page, ".listeners .card-op h3")).ShouldBe(StageCatalog.All.Except(StageCatalog.Reprocessable).Select(stage => stage.Name));

        await gallery.Page.GotoAsync(new Uri(host.Address, "/operations/?view=dead-letters").ToString());
        await Expect(Options(gallery.Page)).ToHaveTextAsync(["all", .. StageCatalog.All.Select(stage => stage.Subscription)]);
        gallery.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task Pages_AStageThatIsNew_AppearsWithItsCountsAndAsAFilter()
    {
        await using var host = new ApiHost();
        await using var gallery = await GalleryPage.OpenAsync(chromium, host);
        await AddAsync(gallery.Page, "/api/operations/stages", """{"name":"rate-image","stage":"RateImage","summary":"rates it","eventTypes":["image.analyzed"],"reprocessable":true}""");
        await AddAsync(gallery.Page, "/api/operations/subscriptions", """{"name":"rate-image","active":41,"inFlight":0,"scheduled":0,"deadLettered":0,"paused":false,"state":"waiting","waiting":41}""");

        await gallery.Page.GotoAsync(new Uri(host.Address, "/operations/").ToString());
        await Expect(Card(gallery.Page, "rate-image").Locator(".figure")).ToHaveTextAsync("41");
        await Expect(Card(gallery.Page, "rate-image").GetByRole(AriaRole.Button, new() { Name = "Run missing" })).ToBeVisibleAsync();
        (await NamesAsync(gallery.Page, ".path .card-op h3"))[^1].ShouldBe("RateImage");

        await gallery.Page.GotoAsync(new Uri(host.Address, "/operations/?view=dead-letters&subscription=rate-image").ToString());
        await Expect(Options(gallery.Page).Last).ToHaveTextAsync("rate-image");
        await Expect(gallery.Page.Locator("select[name=subscription]")).ToHaveValueAsync("rate-image");
        gallery.Problems.ShouldBeEmpty();
    }

    [Fact]
    public void Scripts_OfTheOperationsPages_NameNoStage()
    {
        foreach (var file in Directory.EnumerateFiles(Pages, "*.js", SearchOption.AllDirectories))
        {
            var text = File.ReadAllText(file);
            foreach (var stage in StageCatalog.All)
                (text.Contains(stage.Subscription, StringComparison.Ordinal) || text.Contains(stage.Name, StringComparison.Ordinal)).ShouldBeFalse($"{file} names {stage.Name}");
        }
    }

    /// <summary>The server's answer with one item more, as it would be with one more entry in the catalog.</summary>
    private static async Task AddAsync(IPage page, string path, string item) => await page.RouteAsync($"**{path}", async route =>
    {
        var answer = await route.FetchAsync();
        var list = JsonNode.Parse(await answer.TextAsync())!;
        list["items"]!.AsArray().Add(JsonNode.Parse(item));
        await route.FulfillAsync(new() { Response = answer, Body = list.ToJsonString() });
    });

    private static ILocator Card(IPage page, string subscription) => page.Locator($"[data-name={subscription}]");

    private static ILocator Options(IPage page) => page.Locator("select[name=subscription] option");

    private static Task<IReadOnlyList<string>> NamesAsync(IPage page, string selector) => page.Locator(selector).AllTextContentsAsync();
}
