using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Ports;
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
    public async Task Details_ObjectsPeopleAndText_AreDrawnOverTheImageAndCanBeHidden()
    {
        await using var host = new ApiHost();
        var id = await host.UploadAsync(seed: 1, "dog.jpg");
        await InspectAsync(host, id);
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
        var (image, dog) = (await BoxAsync(gallery, ".shown img"), await BoxAsync(gallery, ".boxes .object rect"));
        dog.X.ShouldBe(image.X + 0.1f * image.Width, 3);
        dog.Y.ShouldBe(image.Y + 0.1f * image.Height, 3);
        dog.Width.ShouldBe(0.5f * image.Width, 5); // the line has a width of its own

        await gallery.Page.Keyboard.PressAsync("+");
        await Expect(gallery.Page.Locator("#details .level")).ToHaveTextAsync("135 %");
        (await BoxAsync(gallery, ".shown img")).Width.ShouldBe(1.35f * image.Width, 2);
        (await BoxAsync(gallery, ".boxes .object rect")).Width.ShouldBe(1.35f * 0.5f * image.Width, 6);
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
    public async Task Details_CopyWithoutMetadata_CanBeDownloadedWhereThereIsOne()
    {
        await using var host = new ApiHost();
        var (with, without) = (await host.UploadAsync(seed: 1, "with.jpg"), await host.UploadAsync(seed: 2, "without.jpg"));
        await host.TransitionAsync(with, record => ImageLifecycle.Inspect(record, Samples.Facts with { MetadataEdits = [new MetadataEdit(2, 10)] }, Now()));
        await host.TransitionAsync(without, record => ImageLifecycle.Inspect(record, Samples.Facts, Now()));
        await using var gallery = await GalleryPage.OpenAsync(browser, host);
        var copy = gallery.Page.GetByText("Download without metadata");

        await gallery.OpenCardAsync("with.jpg");
        var download = await gallery.Page.RunAndWaitForDownloadAsync(() => copy.ClickAsync());
        download.SuggestedFilename.ShouldBe("with.jpg");
        new FileInfo(await download.PathAsync()).Length.ShouldBe((await host.Catalog.GetAsync(with, CancellationToken.None))!.Bytes - 10);
        await gallery.Page.Keyboard.PressAsync("Escape");
        await gallery.OpenCardAsync("without.jpg");
        await Expect(gallery.Page.GetByText("Download", new() { Exact = true })).ToBeVisibleAsync();
        await Expect(copy).ToHaveCountAsync(0);
        gallery.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task Gallery_DamagedImage_SaysSoInListAndDetails()
    {
        await using var host = new ApiHost();
        var (half, whole) = (await host.UploadAsync(seed: 1, "half.jpg"), await host.UploadAsync(seed: 2, "whole.jpg"));
        await host.TransitionAsync(half, record => ImageLifecycle.Inspect(record, Samples.Facts with { Damaged = new ImageDamage(ImageDamage.Truncated, 0.48) }, Now()));
        await host.TransitionAsync(whole, record => ImageLifecycle.Inspect(record, Samples.Facts, Now()));
        await using var gallery = await GalleryPage.OpenAsync(browser, host);

        await Expect(gallery.Page.Locator(".card .damaged")).ToHaveCountAsync(1);
        await Expect(gallery.Page.Locator($"#card-{half} .damaged")).ToHaveTextAsync("damaged");
        await gallery.OpenCardAsync("half.jpg");
        await Expect(gallery.Page.Locator("#details .facts-list")).ToContainTextAsync("The file ends early: 48 % of the picture is missing");
        gallery.Problems.ShouldBeEmpty();
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

    // Inspected, with a thumbnail that can be shown: the test's own image has to do for both sizes.
    private static async Task InspectAsync(ApiHost host, Guid id)
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
