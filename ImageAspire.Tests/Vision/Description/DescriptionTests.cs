using ImageAspire.Imaging;
using ImageAspire.Vision.Analysis;
using ImageAspire.Vision.Description;

namespace ImageAspire.Tests.Vision.Description;

/// <summary>Caption, tags, measured facts and crops.</summary>
public sealed class DescriptionTests
{
    private static readonly MeasuredFacts NoFacts = new([], [], []);

    [Theory]
    [InlineData("person person dog", "Two people and a dog.")]
    [InlineData("dog person", "A person and a dog.")]
    [InlineData("orange", "An orange.")]
    [InlineData("sheep sheep sheep", "Three sheep.")]
    [InlineData("scissors scissors", "Scissors.")]
    [InlineData("bus car dog cat cow", "A bus, a car, a dog and a cat.")]
    public void Caption_Things_AreCounted(string names, string expected) =>
        Caption.Of([.. names.Split(' ').Select((name, i) => Thing(name, 0.9 - 0.01 * i))], NoFacts).Name.ShouldBe(expected);

    [Fact]
    public void Caption_ManyThings_AreMany() => Caption.Of([.. Enumerable.Range(0, 11).Select(_ => Thing("bird", 0.5))], NoFacts).Name.ShouldBe("Many birds.");

    [Fact]
    public void Caption_NothingSeen_SaysWhatIsMeasured()
    {
        var caption = Caption.Of([], new MeasuredFacts([], ["bright"], ["green", "blue"]));

        caption.ShouldBe(new Claim("A bright image, mostly green and blue.", 0.5));
        Caption.Of([], NoFacts).Name.ShouldBe("An image.");
    }

    [Fact]
    public void Caption_AsSureAsItsLeastSurePart() => Caption.Of([Thing("dog", 0.9), Thing("cat", 0.4), Thing("cat", 0.6)], NoFacts).Confidence.ShouldBe(0.6);

    [Fact]
    public void Tags_ThingsCategoriesTextAndFacts_EachOnceMostConfidentFirst()
    {
        var tags = Tags.Of([Thing("dog", 0.7), Thing("dog", 0.5), Thing("cat", 0.95), Thing("bench", 0.6)], new MeasuredFacts([new Claim("green", 0.8)], [], []), hasText: true);

        tags.Select(tag => (tag.Name, tag.Confidence)).ShouldBe([("cat", 0.95), ("animal", 0.95), ("text", 0.9), ("green", 0.8), ("dog", 0.7), ("bench", 0.6)]);
    }

    [Theory]
    [InlineData(255, 255, 255, "white", "bright")]
    [InlineData(5, 5, 5, "black", "dark")]
    [InlineData(220, 30, 30, "red", null)]
    [InlineData(40, 160, 60, "green", null)]
    [InlineData(60, 35, 10, "brown", "dark")]
    public void Facts_OneColour_AreItsNameAndLightness(byte red, byte green, byte blue, string colour, string? adjective)
    {
        var facts = MeasuredFacts.Of(Flat(80, 60, red, green, blue));

        facts.Tags.Select(tag => tag.Name).ShouldContain(colour);
        if (adjective is null)
            facts.Adjectives.ShouldBeEmpty();
        else
            facts.Adjectives.ShouldContain(adjective);
    }

    [Fact]
    public void Crops_ThingAtTheRight_IsKept()
    {
        var image = new PixelImage(4000, 1000, Flat(400, 100, 128, 128, 128));

        var crop = SmartCrops.Of(image, [(new Box(0.8, 0.2, 0.15, 0.6), 4)], [1]).ShouldHaveSingleItem();

        crop.AspectRatio.ShouldBe(1);
        (crop.Box.Width * 4000).ShouldBe(crop.Box.Height * 1000, 1);
        crop.Box.X.ShouldBeLessThanOrEqualTo(0.8);
        (crop.Box.X + crop.Box.Width).ShouldBeGreaterThanOrEqualTo(0.95);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 2000)]
    [InlineData(2000, 1)]
    public void Crops_ExtremeShapes_LieWithinTheImage(int width, int height)
    {
        foreach (var crop in SmartCrops.Of(new PixelImage(width, height, Flat(width, height, 9, 9, 9)), [], [0.75, 1.8]))
        {
            crop.Box.X.ShouldBeInRange(0, 1);
            crop.Box.Y.ShouldBeInRange(0, 1);
            (crop.Box.X + crop.Box.Width).ShouldBeLessThanOrEqualTo(1 + 1e-9);
            (crop.Box.Y + crop.Box.Height).ShouldBeLessThanOrEqualTo(1 + 1e-9);
        }
    }

    private static SeenObject Thing(string name, double confidence) => new(name, confidence, Box.Whole);

    private static RgbPixels Flat(int width, int height, byte red, byte green, byte blue)
    {
        var bytes = new byte[width * height * 3];
        for (var at = 0; at < bytes.Length; at += 3)
            (bytes[at], bytes[at + 1], bytes[at + 2]) = (red, green, blue);
        return new RgbPixels(width, height, bytes);
    }
}
