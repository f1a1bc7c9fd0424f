using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Imaging.Vips;
using ImageAspire.Tests.Imaging;
using NetVips;

namespace ImageAspire.Tests.Contracts;

/// <summary>Damaged images.</summary>
public abstract partial class ImageDecoderContract
{
    [Fact]
    public async Task Decode_HalfOfItIsThere_IsKeptAndDamaged()
    {
        foreach (var file in new[] { TestImages.TruncatedJpeg(), TestImages.TruncatedPng() })
        {
            var damaged = (await DecodeAsync(file)).Damaged.ShouldNotBeNull();

            damaged.Reason.ShouldBe(ImageDamage.Truncated);
            damaged.Missing.ShouldNotBeNull().ShouldBeInRange(0.3, 0.7);
        }
    }

    public static TheoryData<string, byte[]> LargeFiles()
    {
        var noise = new byte[900 * 600 * 3];
        new Random(1).NextBytes(noise);
        using var image = VipsImages.FromPixels(noise, 900, 600, 3);
        using var transparent = image.Bandjoin(255);
        using var deep = image.Cast(Enums.BandFormat.Ushort) * 256;
        return new()
        {
            { "png", image.PngsaveBuffer(compression: 1) }, { "png, transparent", transparent.PngsaveBuffer(compression: 1) }, { "png, 16 bits", deep.PngsaveBuffer(compression: 1) },
            { "tiff", image.TiffsaveBuffer(compression: Enums.ForeignTiffCompression.Deflate) }, { "jpeg", image.JpegsaveBuffer() }, { "gif", image.GifsaveBuffer() },
        };
    }

    [Theory]
    [MemberData(nameof(LargeFiles))]
    public async Task Decode_DamagedAfterAnother_ShowsOnlyWhatIsThere(string kind, byte[] file)
    {
        await DecodeAsync(file); // its pixels are in the memory of the codec
        var corrupt = (byte[])file.Clone();
        corrupt.AsSpan(file.Length / 2, file.Length / 3).Fill(0x55);

        if (kind != "tiff") // its directory is at its end
            (await DecodeAsync(TestImages.Half(file))).Damaged.ShouldNotBeNull().Missing.ShouldNotBeNull().ShouldBeInRange(0.3, 0.75);
        if (kind is "jpeg" or "gif")
            return; // these codecs go on behind what is corrupt
        var decoded = await DecodeAsync(corrupt);
        decoded.Damaged.ShouldNotBeNull().Reason.ShouldBe(ImageDamage.Corrupt);
        var picture = Decoded.From(decoded, "image/jpeg");
        var row = Enumerable.Range(10, 800).Select(x => picture.Luma(x, picture.Height * 3 / 4)).ToList();
        (row.Max() - row.Min()).ShouldBeLessThan(30);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public async Task Decode_HalfOfATurnedImage_SaysHowMuchIsMissing(ushort orientation)
    {
        var file = TestImages.JpegWithExif(ExifWriter.Write(orientation), 256, 256, (x, y) => ((byte)(x * y), (byte)(x ^ y), (byte)(x * 7 + y * 13)));

        (await DecodeAsync(TestImages.Half(file))).Damaged.ShouldNotBeNull().Missing.ShouldNotBeNull().ShouldBeInRange(0.3, 0.7);
    }

    [Fact]
    public async Task Decode_WhiteBelowAndCutAtItsEnd_IsKept()
    {
        var file = JpegWriter.Write(200, 200, (x, y) => y < 15 ? ((byte)(x * y), (byte)(x ^ y), (byte)(x * 7 + y * 13)) : ((byte)255, (byte)255, (byte)255));

        var damaged = (await DecodeAsync(file[..^60])).Damaged.ShouldNotBeNull();

        damaged.Reason.ShouldBe(ImageDamage.Truncated);
        (damaged.Missing ?? 0).ShouldBeLessThan(0.9);
    }

    [Fact]
    public async Task Decode_HeicWithBytesBehindIt_IsNotDamaged()
    {
        foreach (var tail in (string[])["\n", "junk!", "some text behind the file"])
            (await DecodeAsync([.. TestImages.Heic(), .. System.Text.Encoding.ASCII.GetBytes(tail)])).Damaged.ShouldBeNull(tail);
    }

    [Fact]
    public async Task Decode_NextToNothingIsThere_IsTruncated()
    {
        foreach (var file in new[] { TestImages.Half(TestImages.Bmp()), TestImages.Webp()[..50], TestImages.JpegWithoutPixels(), TestImages.Half(TestImages.Ppm()), TestImages.Half(TestImages.Qoi()) })
            (await Should.ThrowAsync<UnusableImageException>(() => DecodeAsync(file))).Code.ShouldBe(FailureCodes.Truncated);
    }

    [Fact]
    public async Task Decode_Damaged_IsCorrupt()
    {
        var file = TestImages.Png(64, 64);
        file.AsSpan(60, 40).Fill(0x55);

        (await Should.ThrowAsync<UnusableImageException>(() => DecodeAsync(file))).Code.ShouldBe(FailureCodes.Corrupt);
    }
}
