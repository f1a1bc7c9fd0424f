using System.Net;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Api;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ImageAspire.Tests.Browser;

/// <summary>Many images at once.</summary>
[Collection(BrowserTests.Name)]
[Trait("Category", "Slow")]
public sealed class GallerySelectionTests(BrowserFixture browser)
{
    [Fact]
    public async Task Delete_Undone_AllAreBack()
    {
        await using var host = new ApiHost();
        var ids = await UploadAsync(host, 4);
        await using var gallery = await GalleryPage.OpenAsync(browser, host);

        await gallery.SelectAsync("1.jpg");
        await gallery.SelectAsync("3.jpg");
        await Expect(gallery.Page.Locator("#selection")).ToContainTextAsync("2 images selected");
        await gallery.Page.ClickAsync("#selection >> text=Delete");
        await Expect(gallery.Cards).ToHaveCountAsync(2);
        await gallery.Page.ClickAsync("text=Undo");
        await Expect(gallery.Cards).ToHaveCountAsync(4);

        foreach (var id in ids)
            (await host.Client.GetAsync($"/api/images/{id}")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Delete_All_AreInTheTrashAndCanBeRestoredThereOrErased()
    {
        await using var host = new ApiHost();
        var ids = await UploadAsync(host, 3);
        await using var gallery = await GalleryPage.OpenAsync(browser, host);
        await Expect(gallery.Cards).ToHaveCountAsync(3);
        await gallery.Page.Locator("#grid").FocusAsync();

        await gallery.Page.Keyboard.PressAsync("Control+a");
        await Expect(gallery.Page.Locator("#selection")).ToContainTextAsync("3 images selected");
        await gallery.Page.Keyboard.PressAsync("Delete");
        await Expect(gallery.Page.Locator("#empty")).ToContainTextAsync("No images yet");
        await Expect(gallery.Page.Locator(".toast")).ToContainTextAsync("3 images are deleted.");

        await gallery.Page.ClickAsync("#trash");
        var cards = gallery.Page.Locator("#grid .card");
        await Expect(cards).ToHaveCountAsync(3);
        await gallery.Page.GetByRole(AriaRole.Button, new() { Name = "Restore: 2.jpg" }).ClickAsync();
        await Expect(cards).ToHaveCountAsync(2);
        gallery.Page.Dialog += (_, dialog) => _ = dialog.AcceptAsync();
        await gallery.Page.GetByRole(AriaRole.Button, new() { Name = "Delete for good: 1.jpg" }).ClickAsync();
        await Expect(cards).ToHaveCountAsync(1);
        await gallery.Page.ClickAsync("text=Empty the trash");
        await Expect(gallery.Page.Locator("#state")).ToBeVisibleAsync();
        await Expect(gallery.Page.Locator("#state")).ToHaveTextAsync("The trash is empty.");

        (await host.Catalog.GetAsync(ids[1], CancellationToken.None)).ShouldNotBeNull();
        foreach (var id in (Guid[])[ids[0], ids[2]])
            (await host.Catalog.GetWithTrashAsync(id, CancellationToken.None)).ShouldBeNull();
        gallery.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task Delete_WithoutATrash_IsAskedAbout()
    {
        await using var host = new ApiHost(("Api:TrashPeriod", "0"));
        var ids = await UploadAsync(host, 2);
        await using var gallery = await GalleryPage.OpenAsync(browser, host);
        var accept = false;
        gallery.Page.Dialog += (_, dialog) => _ = accept ? dialog.AcceptAsync() : dialog.DismissAsync();
        await Expect(gallery.Page.Locator("#trash")).ToBeHiddenAsync();
        await gallery.SelectAsync("1.jpg");

        await gallery.Page.ClickAsync("#selection >> text=Delete");
        await Expect(gallery.Cards).ToHaveCountAsync(2);
        accept = true;
        await gallery.SelectAsync("1.jpg");
        await gallery.Page.ClickAsync("#selection >> text=Delete");
        await Expect(gallery.Cards).ToHaveCountAsync(1);

        await Eventually.TrueAsync(async () => await host.Catalog.GetWithTrashAsync(ids[0], CancellationToken.None) is null);
    }

    [Fact]
    public async Task Delete_Refused_ComesBackAndIsNamed()
    {
        await using var host = new ApiHost();
        var ids = await UploadAsync(host, 3);
        await using var gallery = await GalleryPage.OpenAsync(browser, host);
        await gallery.Page.RouteAsync($"**/api/images/{ids[1]}", route => route.Request.Method == "DELETE"
            ? route.FulfillAsync(new() { Status = 500, Body = """{"detail":"The disk is broken."}""" }) : route.ContinueAsync());

        await gallery.SelectAsync("1.jpg");
        await gallery.SelectAsync("2.jpg");
        await gallery.Page.ClickAsync("#selection >> text=Delete");

        await Expect(gallery.Page.Locator(".toast").Last).ToContainTextAsync("Not deleted: 2.jpg: The disk is broken.");
        await Expect(gallery.Cards).ToHaveCountAsync(2);
        await Expect(gallery.Card("2.jpg")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task AddTag_ToMany_NamesTheOneThatCouldNotBeChanged()
    {
        await using var host = new ApiHost();
        var ids = await UploadAsync(host, 3);
        await using var gallery = await GalleryPage.OpenAsync(browser, host);
        await gallery.Page.RouteAsync($"**/api/images/{ids[2]}", route => route.Request.Method == "PATCH"
            ? route.FulfillAsync(new() { Status = 500, Body = """{"detail":"The disk is broken."}""" }) : route.ContinueAsync());

        await gallery.SelectAsync("1.jpg");
        await gallery.Page.Locator("#selection").GetByText("Select all").ClickAsync();
        await gallery.Page.Locator("#selection").GetByLabel("Tag").FillAsync("Holiday");
        await gallery.Page.Keyboard.PressAsync("Enter");

        await Expect(gallery.Page.Locator(".toast", new() { HasText = "2 images tagged." })).ToBeVisibleAsync();
        await Expect(gallery.Page.Locator(".toast", new() { HasText = "1 not changed: 3.jpg: The disk is broken." })).ToBeVisibleAsync();
        await Expect(gallery.Page.Locator("#tags .chip", new() { HasText = "holiday" }).Locator(".count")).ToHaveTextAsync("2");
        await gallery.Page.Locator("#selection").GetByLabel("Tag").FillAsync("holiday");
        await gallery.Page.ClickAsync("text=Remove tag");
        await Eventually.TrueAsync(async () => (await host.Client.GetStringAsync($"/api/images/{ids[0]}")).Contains("\"tags\":[]", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Archive_Some_LeavesTheListAndComesBackByUndo()
    {
        await using var host = new ApiHost();
        await UploadAsync(host, 3);
        await using var gallery = await GalleryPage.OpenAsync(browser, host);

        await gallery.SelectAsync("2.jpg");
        await gallery.Page.ClickAsync("#selection >> text=Archive");
        await Expect(gallery.Cards).ToHaveCountAsync(2);
        await gallery.Page.ClickAsync("text=Undo");
        await Expect(gallery.Cards).ToHaveCountAsync(3);
        await Expect(gallery.Card("2.jpg")).ToHaveAttributeAsync("aria-posinset", "2"); // where it was
    }

    [Fact]
    public async Task Select_ByKeyboardAndShift_TakesTheRange()
    {
        await using var host = new ApiHost();
        await UploadAsync(host, 6);
        await using var gallery = await GalleryPage.OpenAsync(browser, host);
        await Expect(gallery.Cards).ToHaveCountAsync(6);

        await gallery.Page.Locator("#grid").FocusAsync();
        await gallery.Page.Keyboard.PressAsync("ArrowRight");
        await gallery.Page.Keyboard.PressAsync("Space");
        await Expect(gallery.Card("5.jpg")).ToHaveAttributeAsync("aria-selected", "true");
        await gallery.Card("2.jpg").ClickAsync(new() { Modifiers = [Microsoft.Playwright.KeyboardModifier.Shift] });
        await Expect(gallery.Page.Locator("#selection")).ToContainTextAsync("4 images selected");
        await gallery.Page.Keyboard.PressAsync("Escape");
        await Expect(gallery.Page.Locator("#selection")).ToBeHiddenAsync();

        await gallery.Page.Keyboard.PressAsync("Home");
        await gallery.Page.Keyboard.PressAsync("Enter");
        await Expect(gallery.Page.Locator("#details-name")).ToHaveTextAsync("6.jpg");
    }

    // Named 1.jpg, 2.jpg, …: the last one is the newest.
    [Fact]
    public async Task SelectAll_MoreThanWasScrolledTo_SelectsThemToo()
    {
        await using var host = new ApiHost();
        await UploadAsync(host, 120);
        await using var gallery = await GalleryPage.OpenAsync(browser, host);
        await Expect(gallery.Cards.First).ToBeVisibleAsync();

        await gallery.SelectAsync("120.jpg");
        await gallery.Page.ClickAsync("#selection >> text=Select all");

        await Expect(gallery.Page.Locator("#selection")).ToContainTextAsync("120 images selected");
    }

    private static async Task<List<Guid>> UploadAsync(ApiHost host, int count)
    {
        var ids = new List<Guid>();
        for (var i = 1; i <= count; i++)
            ids.Add(await host.UploadAsync(seed: i, $"{i}.jpg"));
        return ids;
    }
}
