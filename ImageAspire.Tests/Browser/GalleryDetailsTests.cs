using System.Text;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Tests.Api;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ImageAspire.Tests.Browser;

/// <summary>One image: what is known of it, and what can be done with it.</summary>
[Collection(BrowserTests.Name)]
[Trait("Category", "Slow")]
public sealed class GalleryDetailsTests(BrowserFixture browser)
{
    [Fact]
    public async Task Details_ObjectsPeopleAndText_AreDrawnOverThePictureAndCanBeHidden()
    {
        await using var host = new ApiHost();
        var id = await host.UploadAsync(seed: 1, "dog.jpg");
        await PictureAsync(host, id);
        var person = new BoundingBox(0, 0, 60, 225);
        await host.TransitionAsync(id, record => ImageLifecycle.Analyze(record, Samples.Analysis with
        {
            Objects = [new DetectedObject("dog", 0.9, new BoundingBox(60, 45, 300, 225)), new DetectedObject("person", 0.8, person)],
            People = [new DetectedPerson(0.8, person)],
            Text = [new DetectedText("<b>SALE</b>", 1, new BoundingBox(300, 400, 100, 30))],
        }, Now()));
        await using var gallery = await GalleryPage.OpenAsync(browser, host);

        await gallery.OpenCardAsync("dog.jpg");
        await Expect(gallery.Page.Locator("#details .boxes g")).ToHaveCountAsync(3); // the person once
        await Expect(gallery.Page.Locator("#details dd", new() { HasTextString = "<b>SALE</b>" })).ToBeVisibleAsync();
        var (picture, dog) = (await BoxAsync(gallery, ".shown img"), await BoxAsync(gallery, ".boxes .object rect"));
        dog.X.ShouldBe(picture.X + 0.1f * picture.Width, 3);
        dog.Y.ShouldBe(picture.Y + 0.1f * picture.Height, 3);
        dog.Width.ShouldBe(0.5f * picture.Width, 5); // the line has a width of its own

        await gallery.Page.Keyboard.PressAsync("+");
        await Expect(gallery.Page.Locator("#details .level")).ToHaveTextAsync("135 %");
        (await BoxAsync(gallery, ".shown img")).Width.ShouldBe(1.35f * picture.Width, 2);
        (await BoxAsync(gallery, ".boxes .object rect")).Width.ShouldBe(1.35f * 0.5f * picture.Width, 6);
        await gallery.Page.Keyboard.PressAsync("0");
        await gallery.Page.Locator("#details .stage").HoverAsync();
        await gallery.Page.Mouse.WheelAsync(0, -300);
        await Expect(gallery.Page.Locator("#details .level")).ToContainTextAsync("18");

        await gallery.Page.GetByLabel("Show 3 boxes").UncheckAsync();
        await Expect(gallery.Page.Locator("#details .boxes")).ToBeHiddenAsync();
        gallery.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task Details_ALinkToOneImage_OpensItAndArrowsGoOn()
    {
        await using var host = new ApiHost();
        var first = await host.UploadAsync(seed: 1, "first.jpg");
        await host.UploadAsync(seed: 2, "second.jpg");
        await using var gallery = await GalleryPage.OpenAsync(browser, host, $"?image={first}");
        var name = gallery.Page.Locator("#details-name");
        await Expect(name).ToHaveTextAsync("first.jpg");
        await Expect(gallery.Page.Locator("#details .history")).ToBeHiddenAsync(); // nothing writes the log here
        await Expect(gallery.Page.Locator("#details .past")).ToContainTextAsync("Nothing is in the audit log yet.");

        await gallery.Page.Keyboard.PressAsync("Escape");
        await Expect(gallery.Page.Locator("#details")).ToBeHiddenAsync();
        gallery.Page.Url.ShouldNotContain("image=");
        await gallery.OpenCardAsync("second.jpg");
        await gallery.Page.Keyboard.PressAsync("ArrowRight");
        await Expect(name).ToHaveTextAsync("first.jpg");
        gallery.Page.Url.ShouldContain($"image={first}");
        await gallery.Page.Keyboard.PressAsync("ArrowLeft");
        await Expect(name).ToHaveTextAsync("second.jpg");
        await gallery.Page.GoBackAsync();
        await Expect(gallery.Page.Locator("#details")).ToBeHiddenAsync();
        await Expect(gallery.Page.Locator("#grid")).ToBeFocusedAsync(); // where the reader was
    }

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

    [Fact]
    public async Task Gallery_TextOfStrangers_IsTextEverywhere()
    {
        const string Markup = "<img src=x onerror=\"window.broken=1\">";
        await using var host = new ApiHost();
        var id = await host.UploadAsync(seed: 1, Markup + ".jpg");
        await host.TransitionAsync(id, record => ImageLifecycle.Inspect(record, Samples.Facts with { Camera = new CameraInfo(Markup, Markup, Markup) }, Now()));
        await host.TransitionAsync(id, record => ImageLifecycle.Analyze(record, Samples.Analysis with
        {
            Caption = Markup, Tags = [new ImageTag(Markup, 1)], Objects = [new DetectedObject(Markup, 1, new BoundingBox(0, 0, 9, 9))],
            Text = [new DetectedText(Markup, 1, new BoundingBox(0, 0, 9, 9))],
        }, Now()));
        await host.TransitionAsync(id, record => ImageLifecycle.Edit(record, null, [Markup.ToUpperInvariant()], null, Now()));
        string[] names = [new string('x', 300) + ".jpg", "שלום עולם.jpg", "👩‍👩‍👧 🏖️.jpg"];
        for (var i = 0; i < names.Length; i++)
            await host.UploadAsync(seed: 10 + i, names[i]);
        await using var gallery = await GalleryPage.OpenAsync(browser, host);

        await Expect(gallery.Cards).ToHaveCountAsync(4);
        await Expect(gallery.Card("xxxx").Locator(".name")).ToHaveTextAsync(new string('x', 200));
        await Expect(gallery.Card(names[1])).ToBeVisibleAsync();
        await Expect(gallery.Card(names[2])).ToBeVisibleAsync();
        await gallery.Page.Locator($"#card-{id} .frame").ClickAsync();
        await Expect(gallery.Page.Locator("#details-name")).ToHaveTextAsync(Markup + ".jpg");
        await Expect(gallery.Page.Locator("#details .sentence")).ToHaveTextAsync(Markup);
        await Expect(gallery.Page.Locator("#details .chip.own")).ToContainTextAsync(Markup.ToUpperInvariant());
        await Expect(gallery.Page.Locator("#details .lines li")).ToHaveTextAsync(Markup);
        await gallery.Page.GetByLabel("Close", new() { Exact = true }).ClickAsync();
        await gallery.Page.FillAsync("input[name=q]", Markup);
        await Expect(gallery.Cards).ToHaveCountAsync(1);

        (await gallery.Page.EvaluateAsync<bool>("'broken' in window")).ShouldBeFalse();
        (await gallery.Page.Locator("img[src=x]").CountAsync()).ShouldBe(0);
        gallery.Problems.ShouldBeEmpty();
    }

    // Inspected, with a thumbnail that can be shown: the test's own picture has to do for both sizes.
    private static async Task PictureAsync(ApiHost host, Guid id)
    {
        var record = (await host.Catalog.GetAsync(id, CancellationToken.None))!;
        var file = TestImages.Jpeg(600, 450);
        ThumbnailInfo[] thumbnails = [new(256, 600, 450, "image/jpeg", file.Length), new(1024, 600, 450, "image/jpeg", file.Length)];
        foreach (var thumbnail in thumbnails)
        {
            await using var staged = await host.Blobs.StageAsync(CancellationToken.None);
            await staged.Content.WriteAsync(file);
            await staged.CommitAsync(BlobNames.Thumbnail(record.Sha256, id, thumbnail.Size, thumbnail.ContentType), thumbnail.ContentType, CancellationToken.None);
        }

        await host.TransitionAsync(id, before => ImageLifecycle.Inspect(before, Samples.Facts with { Thumbnails = thumbnails }, Now()));
    }

    private static Cause Now() => Cause.Now("test", TimeProvider.System);

    private static async Task<LocatorBoundingBoxResult> BoxAsync(GalleryPage gallery, string selector) =>
        (await gallery.Page.Locator("#details " + selector).BoundingBoxAsync())!;
}
