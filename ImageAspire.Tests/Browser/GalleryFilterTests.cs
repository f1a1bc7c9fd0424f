using System.Text.RegularExpressions;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Tests.Api;
using static Microsoft.Playwright.Assertions;

namespace ImageAspire.Tests.Browser;

/// <summary>Filters by what the files say: as fields, as chips, in the address, and from the facts of an image.</summary>
[Collection(BrowserTests.Name)]
[Trait("Category", "Slow")]
public sealed class GalleryFilterTests(BrowserFixture browser)
{
    private const string Markup = "<img src=x onerror=\"window.broken=1\">";

    [Fact]
    public async Task Filters_OfMetadata_AreFieldsChipsAndTheAddress()
    {
        await using var host = await SeededAsync();
        await using var gallery = await GalleryPage.OpenAsync(browser, host);
        var chips = gallery.Page.Locator("#active-filters .chip");
        await Expect(chips).ToHaveCountAsync(0);

        await gallery.Page.ClickAsync("#more-filters");
        await gallery.Page.GetByLabel("Order").SelectOptionAsync("taken");
        await Expect(gallery.Cards).ToHaveTextAsync([new Regex("fiji"), new Regex("market"), new Regex("harbour"), new Regex("unknown")]);
        await gallery.Page.GetByLabel("Rating").SelectOptionAsync("3");
        await Expect(gallery.Cards).ToHaveTextAsync([new Regex("market"), new Regex("harbour")]);
        await gallery.Page.GetByLabel("Taken from").FillAsync("2023-09-23");
        await gallery.Page.GetByLabel("Taken to").FillAsync("2023-09-23"); // includes the day
        await Expect(gallery.Cards).ToHaveCountAsync(2);
        await gallery.Page.GetByLabel("Camera").FillAsync("nik z");
        await gallery.Page.Keyboard.PressAsync("Enter");
        await Expect(gallery.Cards).ToHaveTextAsync([new Regex("harbour")]);
        await Expect(gallery.Page).ToHaveURLAsync(new Regex("[?]sort=taken&minRating=3&takenFrom=2023-09-23&takenTo=2023-09-23&camera=nik[+]z$"));
        await Expect(chips).ToHaveTextAsync([new Regex("taken from 9/23/2023"), new Regex("taken to 9/23/2023"), new Regex("★★★ or more"), new Regex("nik z")]);
        await Expect(gallery.Page.Locator("#filter-count")).ToHaveTextAsync("4");

        await gallery.Page.ReloadAsync();
        await Expect(gallery.Cards).ToHaveTextAsync([new Regex("harbour")]);
        await Expect(gallery.Page.GetByLabel("Camera")).ToHaveValueAsync("nik z");
        await chips.Filter(new() { HasText = "nik z" }).ClickAsync();
        await Expect(gallery.Cards).ToHaveCountAsync(2);
        await Expect(gallery.Page.GetByLabel("Camera")).ToHaveValueAsync("");
        await Expect(chips.Last).ToBeFocusedAsync(); // the one before
        await gallery.Page.GoBackAsync();
        await Expect(gallery.Cards).ToHaveCountAsync(1);
        await Expect(chips).ToHaveCountAsync(4);
        await gallery.Page.ClickAsync("#more-filters");
        await gallery.Page.GetByText("Clear", new() { Exact = true }).First.ClickAsync();
        await Expect(gallery.Cards).ToHaveCountAsync(4);
        await Expect(gallery.Page.Locator("#active-filters")).ToBeHiddenAsync();
        gallery.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task Details_CameraRatingAndPlace_ListWhatIsLikeThem()
    {
        await using var host = await SeededAsync();
        await using var gallery = await GalleryPage.OpenAsync(browser, host, "?q=market");
        await Expect(gallery.Cards).ToHaveCountAsync(1);

        await gallery.OpenCardAsync("market");
        await gallery.Page.GetByTitle("Show images of this camera").ClickAsync();
        await Expect(gallery.Page.Locator("#details")).ToBeHiddenAsync();
        await Expect(gallery.Cards).ToHaveTextAsync([new Regex("market")]);
        await Expect(gallery.Page).ToHaveURLAsync(new Regex("[?]camera=Apple[+]iPhone[+]15$")); // by nothing else
        await Expect(gallery.Page.Locator("#active-filters .chip")).ToContainTextAsync(["Apple iPhone 15"]);

        await gallery.OpenCardAsync("market");
        await gallery.Page.GetByTitle("Show ★★★ or more").ClickAsync();
        await Expect(gallery.Cards).ToHaveTextAsync([new Regex("market"), new Regex("harbour")]);

        await gallery.OpenCardAsync("harbour");
        await gallery.Page.GetByTitle("Show images taken within about a kilometre").ClickAsync();
        await Expect(gallery.Cards).ToHaveTextAsync([new Regex("harbour")]);
        await Expect(gallery.Page.Locator("#active-filters .chip")).ToContainTextAsync(["near 35.659, 139.745"]);
        await gallery.Page.ClickAsync("#active-filters .chip");
        await Expect(gallery.Cards).ToHaveCountAsync(4);
        await Expect(gallery.Page.Locator("#more-filters")).ToBeFocusedAsync();
        gallery.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task Details_PlaceAtTheAntimeridian_FindsBothSidesOfIt()
    {
        await using var host = new ApiHost();
        await AddAsync(host, 1, "east.jpg", "2023-01-01", null, new("A", "B"), new(-16.8, 179.999));
        await AddAsync(host, 2, "west.jpg", "2023-01-01", null, new("A", "B"), new(-16.8, -179.999));
        await using var gallery = await GalleryPage.OpenAsync(browser, host);
        await gallery.OpenCardAsync("east.jpg");
        await gallery.Page.GetByTitle("Show images taken within about a kilometre").ClickAsync();
        await Expect(gallery.Page.Locator("#active-filters .chip")).ToContainTextAsync(["near -16.800, 179.999"]);
        await Expect(gallery.Cards).ToHaveCountAsync(2);
        gallery.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task Filters_OfStrangersAndOfBadAddresses_AreTextOrNothing()
    {
        await using var host = new ApiHost();
        await AddAsync(host, 1, "photo.jpg", "2023-09-23", 3, new(Markup, "model"), new(1, 2));
        await using var gallery = await GalleryPage.OpenAsync(browser, host, "?takenFrom=yesterday&takenTo=2023-02-30x&minRating=9&bbox=1,2,3,NaN&sort=x");
        await Expect(gallery.Cards).ToHaveCountAsync(1);
        await Expect(gallery.Page.Locator("#active-filters")).ToBeHiddenAsync();

        await gallery.OpenCardAsync("photo.jpg");
        await gallery.Page.GetByTitle("Show images of this camera").ClickAsync();
        await Expect(gallery.Page.Locator("#active-filters .chip")).ToContainTextAsync([Markup + " model"]);
        await Expect(gallery.Cards).ToHaveCountAsync(1);
        (await gallery.Page.EvaluateAsync<bool>("'broken' in window")).ShouldBeFalse();
        (await gallery.Page.Locator("img[src=x]").CountAsync()).ShouldBe(0);
        gallery.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task Filters_OnANarrowScreen_FitIntoIt()
    {
        await using var host = await SeededAsync();
        await using var gallery = await GalleryPage.OpenAsync(browser, host, $"?camera={new string('x', 200)}&bbox=1,2,3,4&minRating=2&takenFrom=2023-09-23", width: 360);
        await gallery.Page.ClickAsync("#more-filters");
        await Expect(gallery.Page.Locator("#active-filters .chip")).ToHaveCountAsync(4);
        (await gallery.Page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBe(360);
        gallery.Problems.ShouldBeEmpty();
    }

    private static async Task<ApiHost> SeededAsync()
    {
        var host = new ApiHost();
        await host.UploadAsync(9, "unknown.jpg");
        await AddAsync(host, 1, "harbour.jpg", "2023-09-23T10:11:12", 5, new("NIKON CORPORATION", "NIKON Z 6", "50 mm"), new(35.6586, 139.7454));
        await AddAsync(host, 2, "market.jpg", "2023-09-23T23:59:59", 3, new("Apple", "iPhone 15"), new(48.137, 11.575));
        await AddAsync(host, 3, "fiji.jpg", "2024-02-29", null, new("Apple", "iPhone 6"), new(-18.1, 178.4));
        return host;
    }

    private static async Task AddAsync(ApiHost host, int seed, string name, string taken, int? rating, CameraInfo camera, GeoLocation place)
    {
        var id = await host.UploadAsync(seed, name);
        await host.TransitionAsync(id, record => ImageLifecycle.Inspect(record, Samples.Facts with
        {
            TakenAtLocal = DateTime.Parse(taken, null), Camera = camera, Location = place, Metadata = rating is null ? null : new ImageMetadata(Rating: rating),
        }, Cause.Now("test", TimeProvider.System)));
    }
}
