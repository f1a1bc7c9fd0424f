using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Imaging;

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
