using ImageAspire.Analysis;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Contracts;

namespace ImageAspire.Tests.Imaging;

public sealed class BuiltInAnalyzerTests : ImageAnalyzerContract
{
    private static readonly ImageColors Plain = new(["#808080"], "#808080", 0.5, 0.2, 0.4, false);

    private protected override IImageAnalyzer Create() => new BuiltInAnalyzer(TimeProvider.System);

    [Fact]
    public async Task Analyze_Measured_SaysItInOneSentence()
    {
        var seen = await AnalyzeAsync(Measured);

        (seen.Provider, seen.Model).ShouldBe(("built-in", "measured-facts/1"));
        seen.Caption.ShouldBe("A bright landscape photo, mostly blue and green, taken in the afternoon.");
        seen.Tags.Select(t => t.Name).ShouldBe(["landscape", "blue", "afternoon", "green", "bright", "sharp"], ignoreOrder: true);
    }

    [Fact]
    public async Task Analyze_HeadersOnly_UsesWhatThereIs()
    {
        var seen = await AnalyzeAsync(Measured with { Colors = null, Camera = null, TakenAtLocal = null });

        (seen.Caption, string.Join(',', seen.Tags.Select(t => t.Name))).ShouldBe(("A landscape image.", "landscape"));
    }

    [Fact]
    public async Task Analyze_NothingKnown_HasAGeneralCaption()
    {
        var seen = await AnalyzeAsync(Measured with { Width = null, Height = null, Colors = null, Camera = null, TakenAtLocal = null });

        (seen.Caption, seen.Tags.Count).ShouldBe(("An image.", 0));
    }

    [Fact]
    public async Task Analyze_Anything_NeverNamesObjectsPeopleOrText()
    {
        var seen = await AnalyzeAsync(Measured);

        (seen.Objects.Count, seen.People.Count, seen.Text.Count).ShouldBe((0, 0, 0));
    }

    [Theory]
    [InlineData(400, 300, "landscape")]
    [InlineData(300, 400, "portrait")]
    [InlineData(300, 303, "square")]
    [InlineData(900, 300, "panorama")]
    [InlineData(300, 900, "panorama")]
    public async Task Analyze_Shape_IsTagged(int width, int height, string tag) =>
        (await TagsAsync(Measured with { Width = width, Height = height })).ShouldContain(new ImageTag(tag, 1));

    [Theory]
    [InlineData(0.64, null)]
    [InlineData(0.65, 0.5)]
    [InlineData(1.0, 1.0)]
    public async Task Analyze_Brightness_ConfidenceGrowsFromTheThreshold(double brightness, double? confidence) =>
        ((await TagsAsync(Measured with { Colors = Plain with { Brightness = brightness } })).FirstOrDefault(t => t.Name == "bright")?.Confidence)
            .ShouldBe(confidence);

    [Theory]
    [InlineData(0.1, 0.2, 0.4, "dark")]
    [InlineData(0.5, 0.4, 0.4, "high contrast")]
    [InlineData(0.5, 0.05, 0.4, "low contrast")]
    [InlineData(0.5, 0.2, 0.9, "sharp")]
    [InlineData(0.5, 0.2, 0.05, "blurry")]
    public async Task Analyze_Measurement_IsTagged(double brightness, double contrast, double sharpness, string tag) =>
        (await TagsAsync(Measured with { Colors = Plain with { Brightness = brightness, Contrast = contrast, Sharpness = sharpness } }))
            .Select(t => t.Name).ShouldContain(tag);

    [Fact]
    public async Task Analyze_Monochrome_NamesOnlyGreys()
    {
        var tags = await TagsAsync(Measured with { Colors = new ImageColors(["#101010", "#f8f8f8", "#857f80"], "#101010", 0.5, 0.2, 0.4, true) });

        tags.Select(t => t.Name).ShouldBe(["landscape", "black and white", "black", "white", "grey", "afternoon"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("2024-05-01T06:00:00+09:00", "morning")]
    [InlineData("2024-05-01T12:00:00+00:00", "afternoon")]
    [InlineData("2024-05-01T18:00:00-08:00", "evening")]
    [InlineData("2024-05-01T23:00:00+00:00", "night")]
    public async Task Analyze_TakenAt_TellsTheLocalTimeOfDay(string taken, string tag) =>
        (await TagsAsync(Measured with { TakenAtLocal = DateTimeOffset.Parse(taken, System.Globalization.CultureInfo.InvariantCulture).DateTime })).Select(t => t.Name).ShouldContain(tag);

    [Fact]
    public async Task Analyze_Camera_IsTagged()
    {
        var tags = await TagsAsync(Measured with { Camera = new CameraInfo(Lens: "long", FNumber: 1.8, ExposureSeconds: 2, Iso: 6400, FocalLengthMm: 300, Flash: true) });

        tags.Select(t => t.Name).ShouldBeSubsetOf(["landscape", "blue", "afternoon", "green", "bright", "sharp", "flash", "long exposure", "telephoto", "large aperture", "high iso"]);
        tags.Count.ShouldBe(11);
    }

    [Theory]
    [InlineData("#ff0000", "red")]
    [InlineData("#ff8800", "orange")]
    [InlineData("#ffee00", "yellow")]
    [InlineData("#118822", "green")]
    [InlineData("#2244cc", "blue")]
    [InlineData("#7722aa", "purple")]
    [InlineData("#ffb0c0", "pink")]
    [InlineData("#704020", "brown")]
    [InlineData("#000000", "black")]
    [InlineData("#ffffff", "white")]
    [InlineData("#888888", "grey")]
    [InlineData("red", null)]
    public void ColorNames_KnownColours_HaveTheirPlainName(string color, string? name) => ColorNames.Of(color).ShouldBe(name);

    private async Task<IReadOnlyList<ImageTag>> TagsAsync(ImageRecord record) => (await AnalyzeAsync(record)).Tags;
}
