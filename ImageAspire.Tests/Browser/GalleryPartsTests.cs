using ImageAspire.Tests.Api;
using ImageAspire.Tests.Http;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ImageAspire.Tests.Browser;

/// <summary>Large files from the gallery: in parts, past connections that break and pages that are loaded again.</summary>
[Collection(BrowserTests.Name)]
[Trait("Category", "Slow")]
public sealed class GalleryPartsTests(BrowserFixture browser)
{
    private static readonly byte[] Large = TestImages.Jpeg(seed: 600, padTo: 12_000_000);

    [Fact]
    public async Task Upload_TwelveMegabytesOverAConnectionThatIsCut_GoesOnByItself()
    {
        await using var host = new ApiHost();
        await using var proxy = new CuttingProxy(host.Address, after: 3_000_000, cuts: 2);
        await using var gallery = await GalleryPage.OpenAsync(browser, proxy.Address, ApiHost.AllKey);

        await gallery.ChooseAsync(("large.jpg", Large));

        await Expect(gallery.Page.Locator("#uploads-title")).ToHaveTextAsync("1 of 1 received", new() { Timeout = GalleryPage.Patience });
        proxy.Cuts.ShouldBe(2);
        await Expect(gallery.Card("large.jpg")).ToHaveCountAsync(1);
        var id = (await host.Client.GetItemsAsync<ImageDto>("/api/images")).ShouldHaveSingleItem().Id;
        (await host.Client.GetByteArrayAsync($"/api/images/{id}/content")).ShouldBe(Large);
        (await RememberedAsync(gallery)).ShouldBeNull();
    }

    [Fact]
    public async Task Upload_PageIsLoadedAgain_TheSameFileGoesOnWhereItStopped()
    {
        await using var host = new ApiHost();
        await using var gallery = await GalleryPage.OpenAsync(browser, host);
        var held = true;
        var offsets = new List<string>();
        await gallery.Page.RouteAsync("**/api/uploads/*", async route =>
        {
            if (route.Request.Method != "PATCH") { await route.ContinueAsync(); return; }
            var offset = route.Request.Headers["upload-offset"];
            lock (offsets)
                offsets.Add(offset);
            if (!held || offset == "0")
                await route.ContinueAsync(); // the second part never gets through at first
        });
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Root, "large.jpg");
        await File.WriteAllBytesAsync(path, Large); // a file on disk has a time that stays the same

        await gallery.Page.SetInputFilesAsync("#files", path);
        await Eventually.TrueAsync(() => { lock (offsets) return offsets.Count == 2; });
        (await RememberedAsync(gallery)).ShouldNotBeNull().ShouldNotContain(ApiHost.AllKey);
        await gallery.Page.EvaluateAsync("addEventListener('beforeunload', event => event.stopImmediatePropagation(), true)"); // no user is there to answer
        gallery.Page.Dialog += async (_, dialog) => await dialog.AcceptAsync();
        await gallery.Page.ReloadAsync(new() { WaitUntil = WaitUntilState.DOMContentLoaded });
        await gallery.LiveAsync();
        held = false;
        await gallery.Page.SetInputFilesAsync("#files", path);

        await Expect(gallery.Page.Locator("#uploads-title")).ToHaveTextAsync("1 of 1 received", new() { Timeout = GalleryPage.Patience });
        offsets.ShouldBe(["0", "8388608", "8388608"]);
    }

    [Fact]
    public async Task Cancel_WhileAPartIsOnItsWay_RemovesTheUpload()
    {
        await using var host = new ApiHost();
        await using var gallery = await GalleryPage.OpenAsync(browser, host);
        await gallery.Page.RouteAsync("**/api/uploads/*", route => route.Request.Method == "PATCH" ? Task.CompletedTask : route.ContinueAsync()); // never answered

        var removed = gallery.Page.WaitForResponseAsync(answer => answer.Request.Method == "DELETE");
        await gallery.ChooseAsync(("large.jpg", Large));
        await Expect(gallery.Page.Locator("#upload-list li.sending")).ToHaveCountAsync(1);
        await Eventually.TrueAsync(async () => await RememberedAsync(gallery) is not null);
        await gallery.Page.Locator("#upload-list li.sending").GetByText("Cancel").ClickAsync();

        (await removed).Status.ShouldBe(204);
        await Expect(gallery.Page.Locator("#upload-list li.cancelled")).ToHaveCountAsync(1);
        (await RememberedAsync(gallery)).ShouldBeNull();
        Directory.GetFiles(Path.Combine(host.DataFolder, "uploads"), "*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    private static Task<string?> RememberedAsync(GalleryPage gallery) => gallery.Page.EvaluateAsync<string?>("localStorage.getItem('imageaspire.uploads')");
}
