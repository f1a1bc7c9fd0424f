using System.Text;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Api;
using static Microsoft.Playwright.Assertions;

namespace ImageAspire.Tests.Browser;

/// <summary>Changing one image where its details are shown.</summary>
[Collection(BrowserTests.Name)]
[Trait("Category", "Slow")]
public sealed class GalleryDetailsEditTests(BrowserFixture browser)
{
    [Fact]
    public async Task Edit_NameAndTags_ChangesTheRecord()
    {
        await using var host = new ApiHost();
        var id = await host.UploadAsync(seed: 1, "old.jpg");
        await using var gallery = await GalleryPage.OpenAsync(browser, host, $"?image={id}");
        var details = gallery.Page.Locator("#details");

        await details.GetByLabel("Change the name").ClickAsync();
        await details.Locator("input[name=name]").FillAsync("new.jpg");
        await gallery.Page.Keyboard.PressAsync("Enter");
        await Expect(gallery.Page.Locator("#details-name")).ToHaveTextAsync("new.jpg");
        foreach (var tag in (string[])["One", "two"])
        {
            await details.GetByLabel("Add a tag").FillAsync(tag);
            await gallery.Page.Keyboard.PressAsync("Enter");
            await Expect(details.Locator(".chip.own", new() { HasText = tag })).ToBeVisibleAsync();
        }

        await details.GetByLabel("Remove the tag one").ClickAsync();
        await Expect(details.Locator(".chip.own")).ToHaveCountAsync(1);
        var record = (await host.Catalog.GetAsync(id, CancellationToken.None))!;
        record.Name.ShouldBe("new.jpg");
        record.Tags.ShouldBe(["two"]);
        gallery.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task Edit_ChangedMeanwhile_ShowsAMessageAndKeepsTheInput()
    {
        await using var host = new ApiHost();
        var id = await host.UploadAsync(seed: 1, "old.jpg");
        await using var gallery = await GalleryPage.OpenAsync(browser, host, $"?image={id}");
        await gallery.Page.GetByLabel("Change the name").ClickAsync();
        await gallery.Page.Locator("#details input[name=name]").FillAsync("mine.jpg");
        // The page must not hear of it before it sends: the answer to its own change tells it.
        var others = 1;
        await gallery.Page.RouteAsync($"**/api/images/{id}", async route =>
        {
            if (route.Request.Method == "PATCH" && others-- > 0)
            {
                using var body = new StringContent("""{"tags":["theirs"]}""", Encoding.UTF8, "application/merge-patch+json");
                (await host.Client.PatchAsync($"/api/images/{id}", body)).EnsureSuccessStatusCode();
            }

            await route.ContinueAsync();
        });

        await gallery.Page.Keyboard.PressAsync("Enter");

        await Expect(gallery.Page.Locator(".toast")).ToContainTextAsync("changed by another user meanwhile");
        await Expect(gallery.Page.Locator("#details .chip.own")).ToContainTextAsync("theirs");
        await Expect(gallery.Page.Locator("#details input[name=name]")).ToHaveValueAsync("mine.jpg");
        await gallery.Page.Keyboard.PressAsync("Enter");
        await Expect(gallery.Page.Locator("#details-name")).ToHaveTextAsync("mine.jpg");
    }

    [Fact]
    public async Task Details_FailedAndRejected_SayWhyAndWhatCanBeDone()
    {
        await using var host = new ApiHost();
        var failed = await host.UploadAsync(seed: 1, "failed.jpg");
        await host.TransitionAsync(failed, record => ImageLifecycle.Fail(record, Samples.Why with { Code = FailureCodes.TimeLimit, Message = "It took too long.", Attempts = 5 }, Now()));
        var rejected = await host.UploadAsync(seed: 2, "rejected.jpg");
        await host.TransitionAsync(rejected, record => ImageLifecycle.Reject(record, Samples.Why, Now()));
        await using var gallery = await GalleryPage.OpenAsync(browser, host, $"?image={rejected}");

        await Expect(gallery.Page.Locator("#details .problem")).ToContainTextAsync("The file cannot be decoded.");
        await Expect(gallery.Page.Locator("#details .problem")).ToContainTextAsync("Upload a repaired one");
        await gallery.Page.Keyboard.PressAsync("Escape");
        await gallery.OpenCardAsync("failed.jpg");
        await Expect(gallery.Page.Locator("#details .problem")).ToContainTextAsync("time-limit, in InspectImage, after 5 attempts");
        await gallery.Page.ClickAsync("text=Try again");

        await Expect(gallery.Page.Locator("#details .problem")).ToHaveCountAsync(0);
        (await host.Catalog.GetAsync(failed, CancellationToken.None))!.Status.ShouldBe(ImageStatus.Received);
    }

    [Fact]
    public async Task Details_DeleteThere_ClosesAndCanBeUndone()
    {
        await using var host = new ApiHost();
        var id = await host.UploadAsync(seed: 1, "photo.jpg");
        await using var gallery = await GalleryPage.OpenAsync(browser, host, $"?image={id}");

        await gallery.Page.ClickAsync("#details >> text=Delete");
        await Expect(gallery.Cards).ToHaveCountAsync(0);
        await gallery.Page.ClickAsync("text=Undo");

        await Expect(gallery.Cards).ToHaveCountAsync(1);
        (await host.Catalog.GetAsync(id, CancellationToken.None)).ShouldNotBeNull();
    }

    private static Cause Now() => Cause.Now("test", TimeProvider.System);
}
