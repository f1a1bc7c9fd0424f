using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Imaging;
using ImageAspire.Imaging.Vips;
using ImageAspire.Tests.Imaging;

namespace ImageAspire.Tests.Contracts;

/// <summary>The contract with a codec: everything that needs pixels. Without libvips these tests fail and say how to get it.</summary>
public abstract partial class ImageDecoderContract : ImageHeaderContract
{
    protected ImageDecoderContract() => VipsLibrary.Description.ShouldNotBeNull($"There is no libvips: {ImagingExtensions.InstallCommand}.");

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Decode_EveryFormat_ShowsTheImage(string format, byte[] file)
    {
        var rendered = await DecodeAsync(file);

        rendered.Thumbnails.Select(t => (t.Info.Size, t.Info.Width, t.Info.Height, t.Info.ContentType)).ShouldBe(
        [
            (256, 64, 48, "image/webp"), (256, 64, 48, "image/jpeg"), (1024, 64, 48, "image/webp"), (1024, 64, 48, "image/jpeg"),
        ]);
        foreach (var thumbnail in rendered.Thumbnails)
        {
            thumbnail.Info.Bytes.ShouldBe(thumbnail.Content.Length);
            ImageFormat.Sniff(thumbnail.Content.Span)!.ContentType.ShouldBe(thumbnail.Info.ContentType);
        }

        // The lower right quadrant (yellow) is lighter than the upper right one in every variant, grey and CMYK included.
        var decoded = Decoded.From(rendered, "image/jpeg");
        decoded.Luma(56, 40).ShouldBeGreaterThan(decoded.Luma(56, 8), format);
        rendered.Placeholder.ShouldStartWith("data:image/webp;base64,");
        rendered.Placeholder.Length.ShouldBeLessThanOrEqualTo(1024);
        rendered.PerceptualHash.ShouldMatch("^[0-9a-f]{16}$");
        rendered.Colors.Dominant.Count.ShouldBeInRange(1, 5);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public async Task Decode_Orientation_StandsUpright(ushort orientation)
    {
        // The same upright 64 × 48 image, stored the way a camera with this orientation stores it (TIFF 6.0, tag 274).
        var upright = TestImages.Quadrants(64, 48);
        var (width, height) = orientation >= 5 ? (48, 64) : (64, 48);
        var file = TestImages.JpegWithExif(ExifWriter.Write(orientation), width, height, (x, y) => orientation switch
        {
            1 => upright(x, y),
            2 => upright(63 - x, y),
            3 => upright(63 - x, 47 - y),
            4 => upright(x, 47 - y),
            5 => upright(y, x),
            6 => upright(63 - y, x),
            7 => upright(63 - y, 47 - x),
            _ => upright(y, 47 - x),
        });

        foreach (var type in (string[])["image/jpeg", "image/webp"])
        {
            var image = Decoded.From(await DecodeAsync(file), type);
            (image.Width, image.Height).ShouldBe((64, 48));
            image.ShouldShowQuadrants();
        }
    }

    [Fact]
    public async Task Decode_LargeImage_FitsIntoBothSquares()
    {
        var rendered = await DecodeAsync(TestImages.Jpeg(1600, 1200));

        rendered.Thumbnails.Select(t => (t.Info.Width, t.Info.Height)).ShouldBe([(256, 192), (256, 192), (1024, 768), (1024, 768)]);
        Decoded.From(rendered, "image/webp").ShouldShowQuadrants();
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 5000)]
    [InlineData(5000, 1)]
    [InlineData(3000, 2)]
    public async Task Decode_ExtremeShape_KeepsAtLeastOnePixel(int width, int height)
    {
        foreach (var file in new[] { TestImages.Png(width, height), TestImages.Bmp(width, height), TestImages.Jpeg(width, height) })
        {
            var rendered = await DecodeAsync(file);

            rendered.Thumbnails.ShouldAllBe(t => t.Info.Width >= 1 && t.Info.Height >= 1 && t.Info.Width <= t.Info.Size && t.Info.Height <= t.Info.Size);
        }
    }

    [Fact]
    public async Task Decode_Transparent_StaysSoInWebpAndIsWhiteInJpeg()
    {
        var rendered = await DecodeAsync(TestImages.TransparentPng());
        var (webp, jpeg) = (Decoded.From(rendered, "image/webp"), Decoded.From(rendered, "image/jpeg"));

        (webp.Bands, (int)webp.At(4, 4)[3], (int)webp.At(60, 4)[3]).ShouldBe((4, 0, 255));
        jpeg.At(4, 4).ShouldAllBe(v => v > 240);
        ((int)jpeg.At(60, 4)[1]).ShouldBeGreaterThan(150);
    }

    [Fact]
    public async Task Decode_Animated_ShowsTheFirstFrame() =>
        Decoded.From(await DecodeAsync(TestImages.AnimatedWebp()), "image/jpeg").ShouldShowQuadrants();

    [Fact]
    public async Task Decode_Exif_DoesNotTravelWithThumbnails()
    {
        var rendered = await DecodeAsync(TestImages.JpegWithExif(ExifWriter.Write(6, "Acme", "Model", "2024:05:01 10:20:30", null, (48.5, 3.2))));

        foreach (var thumbnail in rendered.Thumbnails)
        {
            // libvips 8.14 writes an EXIF block of its own into WebP (resolution only): what must not be there is what was in the original.
            foreach (var text in (string[])["Acme", "Model", "2024:05:01"])
                thumbnail.Content.Span.IndexOf(System.Text.Encoding.ASCII.GetBytes(text)).ShouldBe(-1, text);
        }
    }

    [Fact]
    public async Task Decode_TokenEndsWhileDecoding_Stops()
    {
        using var end = new CancellationTokenSource();
        using var content = new HookedStream(TestImages.Jpeg(2000, 2000, padTo: 2_000_000));
        content.OnRead = _ => EndInTheMiddle();

        await Should.ThrowAsync<OperationCanceledException>(() => Decoder.InspectAsync(content, ImageFormat.Jpeg, end.Token));

        void EndInTheMiddle()
        {
            if (content.Position > content.Length / 2)
                end.Cancel();
        }
    }

    [Fact]
    public async Task Decode_StoreFailsWhileReading_IsNotTheImagesFault()
    {
        using var content = new HookedStream(TestImages.Jpeg(500, 500, padTo: 500_000));
        content.OnRead = _ => FailInTheMiddle();

        await Should.ThrowAsync<IOException>(() => Decoder.InspectAsync(content, ImageFormat.Jpeg, default));

        void FailInTheMiddle()
        {
            if (content.Position > content.Length / 2)
                throw new IOException("The disk is gone.");
        }
    }

    [Fact]
    public async Task Decode_ManyAtOnce_AllComeOutTheSame()
    {
        var files = Enumerable.Range(0, 24).Select(i => TestImages.Jpeg(300, 200, i)).ToArray();
        var alone = new List<string>();
        foreach (var file in files)
            alone.Add((await DecodeAsync(file)).Colors.Accent);

        var together = await Task.WhenAll(files.Select(file => Task.Run(() => DecodeAsync(file))));

        together.Select(r => r.Colors.Accent).ShouldBe(alone);
    }

    private async Task<DecodedImage> DecodeAsync(byte[] file)
    {
        using var content = new MemoryStream(file);
        return (await Decoder.InspectAsync(content, ImageFormat.Sniff(file)!, default)).Decoded!;
    }

    private sealed class HookedStream(byte[] file) : MemoryStream(file)
    {
        private int _reads;

        public Action<int>? OnRead { get; set; }

        public override int Read(Span<byte> buffer)
        {
            OnRead?.Invoke(++_reads);
            return base.Read(buffer);
        }
    }
}
