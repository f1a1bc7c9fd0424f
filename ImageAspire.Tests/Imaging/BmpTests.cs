using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Imaging;
using ImageAspire.Imaging.Bmp;
using ImageAspire.Imaging.Vips;

namespace ImageAspire.Tests.Imaging;

/// <summary>Our own reader of Windows bitmaps: every kind of 2 × 2 pixels shows red, green / blue, white.</summary>
public sealed class BmpTests
{
    private static readonly byte[] Palette = [0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 0, 255, 255, 255, 0]; // red, green, blue, white as BGR0

    public static TheoryData<string, byte[]> Kinds() => new()
    {
        { "24 bits", Bmp(24, 0, [], [255, 0, 0, 255, 255, 255, 0, 0, 0, 0, 255, 0, 255, 0, 0, 0]) },
        { "24 bits, top down", Bmp(24, 0, [], [0, 0, 255, 0, 255, 0, 0, 0, 255, 0, 0, 255, 255, 255, 0, 0], height: -2) },
        { "32 bits", Bmp(32, 0, [], [255, 0, 0, 0, 255, 255, 255, 0, 0, 0, 255, 0, 0, 255, 0, 0]) },
        { "32 bits, fields", Bmp(32, 3, [.. Fields(0xFF, 0xFF00, 0xFF0000)], [0, 0, 255, 0, 255, 255, 255, 0, 255, 0, 0, 0, 0, 255, 0, 0]) },
        { "16 bits", Bmp(16, 0, [], [0x1F, 0, 0xFF, 0x7F, 0, 0x7C, 0xE0, 3]) },
        { "8 bits", Bmp(8, 0, Palette, [2, 3, 0, 0, 0, 1, 0, 0]) },
        { "4 bits", Bmp(4, 0, Palette, [0x23, 0, 0, 0, 0x01, 0, 0, 0]) },
        { "RLE8", Bmp(8, 1, Palette, [1, 2, 1, 3, 0, 0, 1, 0, 1, 1, 0, 1]) },
        { "RLE8, moves", Bmp(8, 1, Palette, [1, 2, 1, 3, 0, 0, 0, 2, 1, 0, 1, 1, 0, 1]) },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Load_EveryKind_HasItsColours(string kind, byte[] file)
    {
        var pixels = Load(file);

        Pixel(pixels, 1).ShouldBe((0, 255, 0), kind);
        Pixel(pixels, 2).ShouldBe((0, 0, 255), kind);
        Pixel(pixels, 3).ShouldBe((255, 255, 255), kind);
        if (kind != "RLE8, moves") // moved over: the first colour of the table, red as well
            Pixel(pixels, 0).ShouldBe((255, 0, 0), kind);
    }

    [Fact]
    public void Load_OneBit_IsBlackAndWhite() =>
        Pixel(Load(Bmp(1, 0, [0, 0, 0, 0, 255, 255, 255, 0], [0x40, 0, 0, 0, 0x80, 0, 0, 0])), 0).ShouldBe((255, 255, 255));

    [Fact]
    public void Load_EmbeddedCompression_IsUnsupported() =>
        Should.Throw<UnusableImageException>(() => Load(Bmp(24, 4, [], new byte[16]))).Code.ShouldBe(FailureCodes.UnsupportedVariant);

    [Theory]
    [InlineData(0, 6)]
    [InlineData(1, 2)]
    public void Load_PixelsMissing_IsTruncated(uint compression, int length) =>
        Should.Throw<UnusableImageException>(() => Load(Bmp(8, compression, Palette, new byte[length].Select(_ => (byte)1).ToArray()))).Code.ShouldBe(FailureCodes.Truncated);

    private static byte[] Load(byte[] file)
    {
        VipsLibrary.Description.ShouldNotBeNull(ImagingExtensions.InstallCommand);
        using var content = new MemoryStream(file);
        using var image = BmpDecoder.Load(content, 1024, new ImagingOptions { MaxPixels = 1_000_000 }, default);
        return image.Pixels();
    }

    private static (int, int, int) Pixel(byte[] pixels, int index) => (pixels[index * 3], pixels[index * 3 + 1], pixels[index * 3 + 2]);

    private static byte[] Fields(params uint[] masks) => [.. masks.SelectMany(BitConverter.GetBytes)];

    private static byte[] Bmp(int bits, uint compression, byte[] table, byte[] pixels, int height = 2) =>
    [
        .. "BM"u8, .. BitConverter.GetBytes(54 + table.Length + pixels.Length), 0, 0, 0, 0, .. BitConverter.GetBytes(54 + table.Length),
        .. BitConverter.GetBytes(40), .. BitConverter.GetBytes(2), .. BitConverter.GetBytes(height), 1, 0, (byte)bits, 0,
        .. BitConverter.GetBytes(compression), .. new byte[20], .. table, .. pixels,
    ];
}
