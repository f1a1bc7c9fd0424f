using System.Text.RegularExpressions;
using ImageAspire.Tests.Api;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ImageAspire.Tests.Browser;

/// <summary>The list: long, live, searched, shared by its address.</summary>
[Collection(BrowserTests.Name)]
[Trait("Category", "Slow")]
public sealed class GalleryTests(BrowserFixture browser)
{
    private const int Many = 1200;

    [Fact]
    public async Task List_ThousandsOfImages_HasFewCardsAndAllOfThem()
    {
        await using var host = new ApiHost();
        await SeedAsync(host, Many);
        await using var gallery = await GalleryPage.OpenAsync(browser, host);
        await Expect(gallery.Card($"image {Many:D4}.jpg")).ToBeVisibleAsync();
        var most = 0;

        await Eventually.TrueAsync(async () =>
        {
            await gallery.Page.EvaluateAsync("scrollTo({ top: document.documentElement.scrollHeight, behavior: 'instant' })");
            most = Math.Max(most, await gallery.Page.Locator("#grid .card").CountAsync());
            return await gallery.Card("image 0001.jpg").CountAsync() == 1;
        });

        await Expect(gallery.Card("image 0001.jpg")).ToHaveAttributeAsync("aria-posinset", $"{Many}");
        most.ShouldBeLessThan(100);
        // Half-way up: pages that were let go are read again.
        await gallery.Page.EvaluateAsync("scrollTo({ top: document.documentElement.scrollHeight / 2, behavior: 'instant' })");
        await Eventually.TrueAsync(async () => await gallery.Page.Locator("#grid").EvaluateAsync<bool>("""
            (grid, many) => [...grid.children].every(card => {
              const at = Number(card.getAttribute('aria-posinset'));
              return at > 100 && at < many - 100 && card.querySelector('.name')?.textContent === `image ${String(many + 1 - at).padStart(4, '0')}.jpg`;
            })
            """, Many));
        await gallery.Page.EvaluateAsync("scrollTo({ top: 0, behavior: 'instant' })");
        await Expect(gallery.Card($"image {Many:D4}.jpg")).ToBeVisibleAsync();
        gallery.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task Live_ANewImage_ComesInAtTheTopOrIsAnnounced()
    {
        await using var host = new ApiHost();
        await SeedAsync(host, 300);
        await using var gallery = await GalleryPage.OpenAsync(browser, host);

        await host.UploadAsync(seed: 1, "at the top.jpg");
        await Expect(gallery.Card("at the top.jpg")).ToHaveAttributeAsync("aria-posinset", "1");

        await gallery.Page.EvaluateAsync("scrollTo({ top: 2000, behavior: 'instant' })");
        await Expect(gallery.Card("image 0300.jpg")).ToHaveCountAsync(0);
        var first = await gallery.Cards.First.GetAttributeAsync("data-id");
        await host.UploadAsync(seed: 2, "further up.jpg");
        await Expect(gallery.Page.Locator("#newer")).ToHaveTextAsync("↑ 1 new");
        (await gallery.Cards.First.GetAttributeAsync("data-id")).ShouldBe(first);
        await gallery.Page.ClickAsync("#newer");
        await Expect(gallery.Card("further up.jpg")).ToHaveAttributeAsync("aria-posinset", "1");
        await Expect(gallery.Page.Locator("#newer")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Live_WhatOthersDo_IsSeenAtOnce()
    {
        await using var host = new ApiHost();
        var id = await host.UploadAsync(seed: 1, "photo.jpg");
        await using var gallery = await GalleryPage.OpenAsync(browser, host);
        await Expect(gallery.Card("photo.jpg").Locator(".status")).ToHaveTextAsync("received · inspecting");

        await host.AnalyzeAsync(id, "dog");
        await Expect(gallery.Card("photo.jpg").Locator(".status.analyzed")).ToBeVisibleAsync();
        await Expect(gallery.Page.Locator("#tags .chip", new() { HasText = "dog" })).ToBeVisibleAsync();
        (await host.Client.DeleteAsync($"/api/images/{id}")).EnsureSuccessStatusCode();
        await Expect(gallery.Page.Locator("#empty")).ToContainTextAsync("No images yet");
    }

    [Fact]
    public async Task Filters_AreInTheAddress_AndBackGoesBack()
    {
        await using var host = new ApiHost();
        await host.AnalyzeAsync(await host.UploadAsync(seed: 1, "dog.jpg"), "dog");
        await host.AnalyzeAsync(await host.UploadAsync(seed: 2, "cat.jpg"), "cat");
        await host.UploadAsync(seed: 3, "waiting.jpg");
        await using var gallery = await GalleryPage.OpenAsync(browser, host, "?status=analyzed");
        await Expect(gallery.Cards).ToHaveCountAsync(2);
        await Expect(gallery.Page.GetByLabel("Status")).ToHaveValueAsync("analyzed");

        await gallery.Page.ClickAsync("#tags .chip >> text=dog");
        await Expect(gallery.Cards).ToHaveCountAsync(1);
        await Expect(gallery.Page).ToHaveURLAsync(new Regex("[?]status=analyzed&tag=dog$"));
        await gallery.Page.FillAsync("input[name=q]", "cat");
        await Expect(gallery.Page.Locator("#empty")).ToContainTextAsync("Nothing matches.");
        await gallery.Page.ClickAsync("text=Show all images");
        await Expect(gallery.Cards).ToHaveCountAsync(3);
        await gallery.Page.ClickAsync("#more-filters");
        await gallery.Page.GetByLabel("Order").SelectOptionAsync("name");
        await Expect(gallery.Cards.First).ToContainTextAsync("cat.jpg");
        await gallery.Page.FillAsync("input[name=from]", "2200-01-01");
        await Expect(gallery.Cards).ToHaveCountAsync(0);

        await gallery.Page.GoBackAsync();
        await gallery.Page.GoBackAsync();
        await Expect(gallery.Cards).ToHaveCountAsync(3);
        await Expect(gallery.Page.GetByLabel("Order")).ToHaveValueAsync("");
        gallery.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task Search_AnAnswerThatComesTooLate_IsDropped()
    {
        await using var host = new ApiHost();
        await host.UploadAsync(seed: 1, "slow.jpg");
        await host.UploadAsync(seed: 2, "fast.jpg");
        await using var gallery = await GalleryPage.OpenAsync(browser, host);
        var asked = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        await gallery.Page.RouteAsync("**/api/images?q=slow*", async route =>
        {
            asked.TrySetResult();
            await release.Task;
            await route.ContinueAsync();
        });

        await gallery.Page.FillAsync("input[name=q]", "slow");
        await asked.Task;
        await gallery.Page.FillAsync("input[name=q]", "fast");
        await Expect(gallery.Cards).ToHaveCountAsync(1);
        release.SetResult();

        await Expect(gallery.Cards).ToHaveTextAsync([new Regex("fast.jpg")]);
        await Expect(gallery.Page.Locator("#grid")).ToHaveAttributeAsync("aria-busy", "false");
        await Expect(gallery.Cards).ToHaveTextAsync([new Regex("fast.jpg")]);
    }

    [Fact]
    public async Task List_TheServerIsAway_SaysSoAndTriesAgainWhenAsked()
    {
        await using var host = new ApiHost();
        await host.UploadAsync(seed: 1, "photo.jpg");
        await using var gallery = await GalleryPage.OpenAsync(browser, host);
        await gallery.Page.RouteAsync("**/api/images?*", route => route.AbortAsync());

        await gallery.Page.FillAsync("input[name=q]", "photo");
        await Expect(gallery.Page.Locator("#empty")).ToContainTextAsync("cannot be reached");
        await gallery.Page.UnrouteAllAsync();
        await gallery.Page.ClickAsync("#empty button");

        await Expect(gallery.Page.Locator("#empty")).ToBeHiddenAsync();
        await Expect(gallery.Cards).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task Gallery_PhoneWidth_HasNoSidewaysScrolling()
    {
        await using var host = new ApiHost();
        var id = await host.UploadAsync(seed: 3, new string('W', 150) + ".jpg");
        await host.AnalyzeAsync(id, [.. Enumerable.Range(0, 20).Select(i => $"{new string('t', 40)}{i}")]);
        await using var gallery = await GalleryPage.OpenAsync(browser, host, width: 375);
        await Expect(gallery.Cards).ToHaveCountAsync(1);
        (await WidthAsync(gallery.Page)).ShouldBeLessThanOrEqualTo(375);

        await gallery.Page.ClickAsync("#more-filters");
        await gallery.SelectAsync("WWW");
        await gallery.ChooseAsync((new string('W', 150) + "2.jpg", TestImages.Jpeg(seed: 4)));
        await Expect(gallery.Page.Locator("#uploads-title")).ToHaveTextAsync("1 of 1 received");
        (await WidthAsync(gallery.Page)).ShouldBeLessThanOrEqualTo(375);

        await gallery.Page.GotoAsync($"/?image={id}");
        await Expect(gallery.Page.Locator("#details .facts")).ToBeVisibleAsync();
        (await gallery.Page.Locator("#details").EvaluateAsync<int>("one => one.scrollWidth")).ShouldBeLessThanOrEqualTo(375);
    }

    private static Task<int> WidthAsync(IPage page) => page.Locator("html").EvaluateAsync<int>("html => html.scrollWidth");

    // Through the port: uploading thousands would test something else.
    private static async Task SeedAsync(ApiHost host, int count)
    {
        foreach (var some in Enumerable.Range(1, count).Chunk(500))
            await host.Catalog.CommitAsync([.. some.Select(i => Samples.Image($"image {i:D4}.jpg", second: i).Insert())], CancellationToken.None);
    }
}
