using ImageAspire.Tests.Api;
using static Microsoft.Playwright.Assertions;

namespace ImageAspire.Tests.Browser;

/// <summary>Signing in, a session that ends, a key that may only read.</summary>
[Collection(BrowserTests.Name)]
[Trait("Category", "Slow")]
public sealed class GallerySessionTests(BrowserFixture browser)
{
    [Fact]
    public async Task Session_Ended_AsksToSignInAgain()
    {
        await using var host = new ApiHost();
        await using var gallery = await GalleryPage.OpenAsync(browser, host);
        await gallery.Context.ClearCookiesAsync();

        await gallery.Page.FillAsync("input[name=q]", "anything");

        await Expect(gallery.Page.Locator("#signed-out")).ToContainTextAsync("You are signed out");
        var signIn = await gallery.Context.RunAndWaitForPageAsync(() => gallery.Page.ClickAsync("#signed-out a"));
        await Expect(signIn.Locator("input[name=token]")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Session_EndedInMidUpload_TheFilesWaitAndGoOnAfterSigningIn()
    {
        await using var host = new ApiHost();
        await using var gallery = await GalleryPage.OpenAsync(browser, host);
        await gallery.Context.ClearCookiesAsync();

        await gallery.ChooseAsync([.. Enumerable.Range(1, 6).Select(seed => ($"{seed}.jpg", TestImages.Jpeg(seed: seed)))]);
        await Expect(gallery.Page.Locator("#signed-out")).ToBeVisibleAsync();
        await Expect(gallery.Page.Locator("#uploads-analyzed")).ToContainTextAsync("You are signed out");
        await gallery.Page.ClickAsync("#signed-out button");
        await Expect(gallery.Page.Locator("#signed-out")).ToContainTextAsync("not signed in yet");

        var signIn = await gallery.Context.RunAndWaitForPageAsync(() => gallery.Page.ClickAsync("#signed-out a"));
        await signIn.FillAsync("input[name=token]", ApiHost.AllKey);
        await signIn.ClickAsync("button");
        await Expect(signIn.Locator("#drop")).ToBeVisibleAsync();
        await gallery.Page.ClickAsync("#signed-out button");

        await Expect(gallery.Page.Locator("#signed-out")).ToBeHiddenAsync();
        await Expect(gallery.Page.Locator("#uploads-title")).ToHaveTextAsync("6 of 6 received");
    }

    [Fact]
    public async Task Gallery_NotSignedIn_ShowsTheSignIn()
    {
        await using var host = new ApiHost();
        await using var context = await (await browser.BrowserAsync()).NewContextAsync();
        var page = await context.NewPageAsync();

        await page.GotoAsync(host.Address.ToString());
        await Expect(page).ToHaveURLAsync(new Uri(host.Address, "/signin").ToString());
        await page.FillAsync("input[name=token]", "wrong");
        await page.ClickAsync("text=Sign in");
        await Expect(page.Locator("[role=alert]")).ToContainTextAsync("key is unknown");
        await page.FillAsync("input[name=token]", ApiHost.AllKey);
        await page.ClickAsync("button");
        await Expect(page.Locator("#drop")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task SignIn_FromALinkToAnImage_GoesOnToTheImage()
    {
        await using var host = new ApiHost();
        var id = await host.UploadAsync(seed: 1, "linked.jpg");
        await using var context = await (await browser.BrowserAsync()).NewContextAsync();
        var page = await context.NewPageAsync();

        await page.GotoAsync(new Uri(host.Address, $"/?image={id}").ToString());
        await page.FillAsync("input[name=token]", ApiHost.AllKey);
        await page.ClickAsync("button");

        await Expect(page.Locator("#details-name")).ToHaveTextAsync("linked.jpg");
    }

    [Fact]
    public async Task Gallery_ReadOnlyKey_OffersNoChanges()
    {
        await using var host = new ApiHost();
        var id = await host.UploadAsync(seed: 1, "photo.jpg");
        await using var gallery = await GalleryPage.OpenAsync(browser, host, $"?image={id}", key: ApiHost.ReadKey);

        await Expect(gallery.Page.Locator("#details").GetByText("Download")).ToBeVisibleAsync();
        await Expect(gallery.Page.Locator("#details").GetByText("Delete")).ToBeHiddenAsync();
        await Expect(gallery.Page.Locator("#details .past")).ToContainTextAsync("operate"); // the audit log is for operators
        await gallery.Page.Keyboard.PressAsync("Escape");
        await Expect(gallery.Page.Locator("#drop")).ToBeHiddenAsync();
        await Expect(gallery.Page.Locator("#operations")).ToBeHiddenAsync();
    }
}
