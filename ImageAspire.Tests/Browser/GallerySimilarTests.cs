using System.Text.RegularExpressions;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Api;
using Microsoft.Extensions.DependencyInjection;
using static Microsoft.Playwright.Assertions;

namespace ImageAspire.Tests.Browser;

/// <summary>"More like this", search by meaning, and tags by group.</summary>
[Collection(BrowserTests.Name)]
[Trait("Category", "Slow")]
public sealed class GallerySimilarTests(BrowserFixture browser)
{
    private const string Markup = "<img src=x onerror=\"window.broken=1\">";
    private readonly FakeVectorizer _vectorizer = new();

    [Fact]
    public async Task MoreLikeThis_ByKeyboard_AViewWithAChipAndReasons()
    {
        await using var host = await SeededAsync();
        await using var gallery = await GalleryPage.OpenAsync(browser, host);
        await gallery.OpenCardAsync(Markup);

        await gallery.Page.GetByRole(Microsoft.Playwright.AriaRole.Link, new() { Name = "More like this" }).FocusAsync();
        await gallery.Page.Keyboard.PressAsync("Enter");

        await Expect(gallery.Page.Locator("#details")).ToBeHiddenAsync();
        await Expect(gallery.Cards).ToHaveTextAsync([new Regex("copy.*near-duplicate"), new Regex("hound.*90 % alike")]);
        await Expect(gallery.Page).ToHaveURLAsync(new Regex("[?]similar=[0-9a-f-]{36}$"));
        var chip = gallery.Page.Locator("#active-filters .chip");
        await Expect(chip).ToContainTextAsync("like " + Markup); // as text
        await Expect(chip).ToContainTextAsync("Remove this filter");

        await gallery.Page.ReloadAsync();
        await Expect(gallery.Cards).ToHaveCountAsync(2);
        await chip.FocusAsync();
        await gallery.Page.Keyboard.PressAsync("Enter");
        await Expect(gallery.Cards).ToHaveCountAsync(4);
        await gallery.Page.GoBackAsync();
        await Expect(gallery.Cards).ToHaveCountAsync(2);
        await gallery.Page.GetByRole(Microsoft.Playwright.AriaRole.Searchbox).FillAsync("copy");
        await Expect(gallery.Page).ToHaveURLAsync(new Regex("[?]q=copy$"));
        (await gallery.Page.EvaluateAsync<bool>("'broken' in window")).ShouldBeFalse();
        gallery.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task Search_ByMeaning_SaysSoAndWhenItCannot()
    {
        await using var host = await SeededAsync();
        await using var gallery = await GalleryPage.OpenAsync(browser, host, "?q=puppy");

        await Expect(gallery.Cards).ToHaveTextAsync([new Regex("hound.*by meaning")]);
        await Expect(gallery.Page.Locator("#meaning")).ToBeHiddenAsync();

        _vectorizer.Error = new VectorizerUnavailableException("It is down.");
        await gallery.Page.GetByRole(Microsoft.Playwright.AriaRole.Searchbox).FillAsync("dog");
        await Expect(gallery.Page.Locator("#meaning")).ToBeVisibleAsync();
        gallery.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task Tags_OfImages_WhatIsInThemFirstAndColoursOfTheirOwn()
    {
        await using var host = await SeededAsync();
        await using var gallery = await GalleryPage.OpenAsync(browser, host);

        await Expect(gallery.Page.Locator("#tags .chip")).ToHaveTextAsync([new Regex("dog.*1")]);
        await Expect(gallery.Page.Locator("#colors .chip")).ToHaveTextAsync([new Regex("green.*2"), new Regex("blue.*1")]);
        await Expect(gallery.Page.Locator("#measures .chip")).ToHaveTextAsync([new Regex("sharp.*2")]);
        await gallery.Page.ClickAsync("#colors .chip >> text=blue");
        await Expect(gallery.Cards).ToHaveTextAsync([new Regex("car")]);
        await Expect(gallery.Page.Locator("#colors .chip[aria-pressed=true]")).ToContainTextAsync("blue");
        gallery.Problems.ShouldBeEmpty();
    }

    private async Task<ApiHost> SeededAsync()
    {
        var host = new ApiHost(services => services.AddSingleton<IImageVectorizer>(_vectorizer));
        (string Name, string Hash, string Look, string[] Seen, string[] Tags)[] images =
        [
            (Markup, "0123456789abcdef", "dog", [], ["dog", "green", "sharp"]), ("copy.jpg", "0123456789abcdee", "dog", [], ["green", "sharp"]),
            ("hound.jpg", "fedcba9876543210", "hound", ["dog"], []), ("car.jpg", "00ff00ff00ff00ff", "car", ["car"], ["blue"]),
        ];
        var records = images.Select((image, i) => Samples.Image(image.Name, i).Seen(null, image.Tags) with { PerceptualHash = image.Hash });
        await host.Catalog.CommitAsync([.. records.Zip(images).Select(one => one.First.Insert() with
        {
            Vectors = [FakeVectorizer.Image(one.Second.Look), .. FakeVectorizer.Seen(one.Second.Seen)],
        })], CancellationToken.None);
        return host;
    }
}
