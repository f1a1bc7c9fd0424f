using ImageAspire.Tests.Requirements;
using ImageAspire.Vision.Analysis;
using ImageAspire.Vision.Models;
using Microsoft.Extensions.Time.Testing;
using NetVips;
using TextReader = ImageAspire.Vision.Text.TextReader;

namespace ImageAspire.Tests.Vision.Text;

public sealed class TextReaderTests
{
    private static readonly Lazy<TextReader> Reader = new(() => new TextReader(VisionModels.Folder));

    private static readonly string[] Page =
    [
        "The harbour opens at six in the morning", "and closes when the last boat is back.", "Tickets are sold on board; children", "travel free. Keep to the left side of", "the pier and do not feed the gulls.",
    ];

    public TextReaderTests() => VisionModels.Require();

    [Fact]
    public void Read_Sign_HasLinesWordsAndPlaces()
    {
        var sign = new DrawnText(600, 400).Line("Library 350 m", 48, 60, 60).Line("NO PARKING", 64, 60, 220).Draw();

        var lines = Reader.Value.Read(sign, TestContext.Current.CancellationToken);

        lines.Select(line => line.Text).ShouldBe(["Library 350 m", "NO PARKING"]);
        lines[0].Words.Select(word => word.Text).ShouldBe(["Library", "350", "m"]);
        lines.SelectMany(line => line.Words).ShouldAllBe(word => word.Confidence > 0.7 && word.Confidence <= 1);
        lines[1].Polygon[0].ShouldBeNear(60 / 600.0, 220 / 400.0);
        var (no, parking) = (lines[1].Words[0].Polygon, lines[1].Words[1].Polygon);
        no[0].ShouldBeNear(lines[1].Polygon[0].X, lines[1].Polygon[0].Y);
        no[1].X.ShouldBeLessThanOrEqualTo(parking[0].X);
        parking[2].ShouldBeNear(lines[1].Polygon[2].X, lines[1].Polygon[2].Y);
    }

    [Theory]
    [InlineData(Enums.Angle.D0, 0.05, 0.07)]
    [InlineData(Enums.Angle.D90, 0.93, 0.05)]
    [InlineData(Enums.Angle.D180, 0.95, 0.93)]
    [InlineData(Enums.Angle.D270, 0.07, 0.95)]
    public void Read_TurnedPage_ReadsInOrderFromWhereItBegins(Enums.Angle turned, double x, double y)
    {
        var lines = Reader.Value.Read(PageOf(1, 24, 800, 400).Draw(turned), TestContext.Current.CancellationToken);

        lines.Select(line => Plain(line.Text)).ShouldBe(Page.Select(Plain));
        lines[0].Polygon[0].ShouldBeNear(x, y);
    }

    [Fact]
    public void Read_SmallTextOfLargePage_IsFound()
    {
        var lines = Reader.Value.Read(PageOf(3, 15, 1100, 1600).Draw(), TestContext.Current.CancellationToken);

        lines.Select(line => Plain(line.Text)).ShouldBe(Enumerable.Repeat(Page, 3).SelectMany(page => page).Select(Plain));
    }

    [Fact]
    public void Read_WithoutText_InventsNone()
    {
        using var noise = Image.Gaussnoise(500, 400, sigma: 60, mean: 128);
        using var sky = Image.Grey(640, 480, uchar: true);
        using var one = Image.Black(1, 1);
        using var black = Image.Black(300, 2000);
        using var stripes = Image.Sines(600, 400, uchar: true, hfreq: 20);

        foreach (var image in new[] { noise, sky, one, black, stripes })
            Reader.Value.Read(DrawnText.Of(image), TestContext.Current.CancellationToken).ShouldBeEmpty();
    }

    [Fact]
    public async Task Read_Cancelled_EndsInMidInference()
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var page = PageOf(6, 15, 1100, 1600).Draw(); // takes seconds
        cancellation.CancelAfter(TimeSpan.FromMilliseconds(100));

        await Should.ThrowAsync<OperationCanceledException>(() => Task.Run(() => Reader.Value.Read(page, cancellation.Token), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Read_TimeUsedUp_ReturnsWhatWasRead()
    {
        var time = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromSeconds(12) };
        using var reader = new TextReader(VisionModels.Folder, time);

        reader.Read(PageOf(1, 24, 800, 400).Draw(), TestContext.Current.CancellationToken).Count.ShouldBe(2);
    }

    [Fact]
    public void Reader_WithoutModels_SaysWhatToDo()
    {
        using var folder = new TempFolder();

        Should.Throw<ModelException>(() => new TextReader(new ModelFolder(folder.Root))).Message.ShouldContain(ModelException.Remedy);
    }

    [Theory]
    [InlineData("Landscape_1.jpg", new[] { "top", "left", "right", "bottom" })]
    [InlineData("Portrait_8.jpg", new[] { "left", "right", "bottom" })]
    public void Read_Photo_ReadsItsPrintedWords(string file, string[] words)
    {
        var path = Path.Combine(Repository.Root, "..", "shared", "photos", file);
        Assert.SkipUnless(File.Exists(path), $"needs {path}, which is not part of the repository");
        using var photo = Image.Thumbnail(path, 1600, height: 1600);
        var pixels = new ImageAspire.Imaging.RgbPixels(photo.Width, photo.Height, photo.WriteToMemory<byte>());

        Reader.Value.Read(pixels, TestContext.Current.CancellationToken).Select(line => line.Text).ShouldBe(words);
    }

    private static DrawnText PageOf(int times, int size, int width, int height)
    {
        var page = new DrawnText(width, height);
        foreach (var (index, line) in Enumerable.Repeat(Page, times).SelectMany(lines => lines).Index())
            page.Line(line, size, width / 20, (height / 20) + (index * size * 5 / 2));
        return page;
    }

    /// <summary>Spaces and punctuation are read less surely than letters.</summary>
    private static string Plain(string text) => string.Concat(text.Where(char.IsLetterOrDigit)).ToLowerInvariant();
}

internal static class PointAssertions
{
    /// <summary>Within a twentieth of the image.</summary>
    public static void ShouldBeNear(this Point point, double x, double y)
    {
        point.X.ShouldBe(x, 0.05);
        point.Y.ShouldBe(y, 0.05);
    }
}
