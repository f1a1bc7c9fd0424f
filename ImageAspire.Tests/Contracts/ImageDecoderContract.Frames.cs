using ImageAspire.Tests.Imaging;
using NetVips;

namespace ImageAspire.Tests.Contracts;

/// <summary>Files of several frames, pages or tiles.</summary>
public abstract partial class ImageDecoderContract
{
    private const int Frames = 3;

    public static TheoryData<string> FilesOfFrames => [.. OfFrames.Keys];

    private static Dictionary<string, Func<byte[]>> OfFrames { get; } = new()
    {
        ["GIF"] = () => TestImages.AnimatedGif(frames: Frames),
        ["WebP"] = TestImages.AnimatedWebp,
        ["TIFF"] = () => Pages().TiffsaveBuffer(pageHeight: 48),
        ["AVIF"] = () => Pages().HeifsaveBuffer(q: 90, compression: Enums.ForeignHeifCompression.Av1, effort: 0, pageHeight: 48),
    };

    [Theory]
    [MemberData(nameof(FilesOfFrames))]
    public async Task Frames_OfEveryFormat_AreCountedAndTheFirstIsShown(string format)
    {
        var (header, decoded) = await DecodedAsync(OfFrames[format]());

        (header.Width, header.Height, header.Frames).ShouldBe((64, 48, Frames));
        Decoded.From(decoded, "image/jpeg").ShouldShowQuadrants();
    }

    [Fact]
    public async Task Heic_OfTiles_IsWhole()
    {
        var tile = Decoded.From((await DecodedAsync(TestImages.Heic())).Decoded, "image/jpeg");

        var (header, decoded) = await DecodedAsync(HeifFiles.Grid(TestImages.Heic(), columns: 3, rows: 2));

        (header.Width, header.Height, decoded.Damaged).ShouldBe((3 * tile.Width, 2 * tile.Height, null));
        var image = Decoded.From(decoded, "image/jpeg");
        (image.Width, image.Height).ShouldBe((header.Width, header.Height));
        foreach (var (column, row) in ((int, int)[])[(0, 0), (2, 0), (1, 1), (2, 1)])
            Math.Abs(image.Luma(column * tile.Width + 60, row * tile.Height + 60) - tile.Luma(60, 60)).ShouldBeLessThan(200);
    }

    // The quadrants, then pages of black.
    private static Image Pages()
    {
        var pixel = TestImages.Quadrants(64, 48);
        var pixels = Enumerable.Range(0, 64 * 48).Select(i => pixel(i % 64, i / 64)).SelectMany(one => (byte[])[one.R, one.G, one.B]).Concat(new byte[64 * 48 * 3 * (Frames - 1)]).ToArray();
        return Image.NewFromMemory(pixels, 64, 48 * Frames, 3, Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb).Mutate(one => one.Set(GValue.GIntType, "page-height", 48));
    }
}
