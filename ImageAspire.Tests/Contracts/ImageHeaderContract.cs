using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Imaging;
using ImageAspire.Tests.Imaging;

namespace ImageAspire.Tests.Contracts;

/// <summary>What every <see cref="IImageDecoder"/> does, with a codec or without: headers, limits, metadata.</summary>
public abstract class ImageHeaderContract
{
    private protected static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private protected IImageDecoder Pictures => Create(new ImagingOptions());

    public static TheoryData<string, byte[]> Formats() => new()
    {
        { "jpeg", TestImages.Jpeg() }, { "jpeg", TestImages.CmykJpeg() }, { "png", TestImages.Png() }, { "png", TestImages.Png16() },
        { "png", TestImages.GreyPng() }, { "png", TestImages.TransparentPng() }, { "gif", TestImages.Gif() }, { "webp", TestImages.Webp() },
        { "tiff", TestImages.Tiff() }, { "bmp", TestImages.Bmp() }, { "avif", TestImages.Avif() },
    };

    public static TheoryData<string, byte[]> Broken() => new()
    {
        { FailureCodes.NoPixels, TestImages.ZeroByZeroPng() },
        { FailureCodes.NoPixels, TestImages.Bmp(0, 0) },
        { FailureCodes.TooManyPixels, TestImages.GiganticGif() },
        { FailureCodes.TooManyPixels, WithSize(TestImages.Bmp(8, 8), 18, 2_000_000_000, 2_000_000_000) },
        { FailureCodes.Truncated, TestImages.Png()[..20] },
        { FailureCodes.Truncated, TestImages.Jpeg()[..40] },
        { FailureCodes.Truncated, TestImages.Bmp()[..20] },
        { FailureCodes.Truncated, TestImages.Tiff()[..6] },
    };

    private protected abstract IImageDecoder Create(ImagingOptions options);

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task ReadHeader_EveryFormat_TellsItsSize(string format, byte[] file)
    {
        var header = await ReadHeaderAsync(file);

        (header.Format.Name, header.Width, header.Height, header.Frames).ShouldBe((format, 64, 48, null));
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task ReadHeader_BrokenHeader_SaysWhatIsWrong(string code, byte[] file) =>
        (await Should.ThrowAsync<UnusableImageException>(() => ReadHeaderAsync(file))).Code.ShouldBe(code);

    [Fact]
    public async Task ReadHeader_OverTheLimit_SaysSizeAndLimit()
    {
        var pictures = Create(new ImagingOptions { MaxPixels = 64 * 48 });
        using var fits = new MemoryStream(TestImages.Png(64, 48));
        using var tooLarge = new MemoryStream(TestImages.Png(64, 49));

        await pictures.ReadHeaderAsync(fits, ImageFormat.Png, default);
        var error = await Should.ThrowAsync<UnusableImageException>(() => pictures.ReadHeaderAsync(tooLarge, ImageFormat.Png, default));

        (error.Code, error.Message.Contains("64 × 49", StringComparison.Ordinal)).ShouldBe((FailureCodes.TooManyPixels, true));
    }

    [Theory]
    [InlineData(3_900_000, 14)]
    [InlineData(14, 65_536)]
    public async Task ReadHeader_FewPixelsWithAnEnormousSide_SaysSizeAndLimit(int width, int height)
    {
        var error = await Should.ThrowAsync<UnusableImageException>(() => ReadHeaderAsync(WithSize(TestImages.Bmp(8, 8), 18, width, height)));

        error.Code.ShouldBe(FailureCodes.TooManyPixels);
        error.Message.ShouldContain($"{width} × {height} pixels; the limit of one side is 65535");
    }

    [Theory]
    [InlineData(1, 64, 48)]
    [InlineData(2, 64, 48)]
    [InlineData(3, 64, 48)]
    [InlineData(4, 64, 48)]
    [InlineData(5, 48, 64)]
    [InlineData(6, 48, 64)]
    [InlineData(7, 48, 64)]
    [InlineData(8, 48, 64)]
    public async Task ReadHeader_Orientation_SizeIsUpright(ushort orientation, int width, int height)
    {
        var header = await ReadHeaderAsync(TestImages.JpegWithExif(ExifWriter.Write(orientation)));

        (header.Orientation, header.Width, header.Height).ShouldBe((orientation, width, height));
    }

    [Fact]
    public async Task ReadHeader_NoExif_SaysNothing()
    {
        var header = await ReadHeaderAsync(TestImages.Jpeg());

        (header.Orientation, header.TakenAt, header.Camera, header.Location).ShouldBe((null, null, null, null));
    }

    [Fact]
    public async Task ReadHeader_Exif_ReadsCameraTimeAndPlace()
    {
        var header = await ReadHeaderAsync(TestImages.JpegWithExif(ExifWriter.Write(1, "Acme\0", " Model 1 ", "2024:05:01 10:20:30", "+02:00", (48.5, -3.25),
            [TiffWriter.Tag.Rationals(0x829A, (1, 250)), TiffWriter.Tag.Rationals(0x829D, (28, 10)), TiffWriter.Tag.Shorts(0x8827, 400),
                TiffWriter.Tag.Shorts(0x9209, 1), TiffWriter.Tag.Rationals(0x920A, (50, 1)), TiffWriter.Tag.Text(0xA434, "50mm")],
            [TiffWriter.Tag.Shorts(5, 0), TiffWriter.Tag.Rationals(6, (1234, 10))])));

        header.TakenAt.ShouldBe(new DateTimeOffset(2024, 5, 1, 10, 20, 30, TimeSpan.FromHours(2)));
        header.Camera.ShouldBe(new CameraInfo("Acme", "Model 1", "50mm", 2.8, 0.004, 400, 50, true));
        header.Location.ShouldBe(new GeoLocation(48.5, -3.25, 123.4));
    }

    [Theory]
    [InlineData("0000:00:00 00:00:00")]
    [InlineData("2024:13:01 10:00:00")]
    [InlineData("2024:02:30 10:00:00")]
    [InlineData("9999:12:31 23:59:59")]
    [InlineData("2026:03:03 12:00:00")] // two days ahead of Now
    [InlineData("1500:01:01 00:00:00")]
    [InlineData("yesterday")]
    [InlineData("")]
    public async Task ReadHeader_ImpossibleDate_IsAbsent(string taken) =>
        (await ReadHeaderAsync(TestImages.JpegWithExif(ExifWriter.Write(taken: taken)))).TakenAt.ShouldBeNull();

    [Theory]
    [InlineData(91, 0, 1)]
    [InlineData(0, 181, 1)]
    [InlineData(48, 3, 0)] // x ÷ 0
    public async Task ReadHeader_ImpossiblePlace_IsAbsent(uint latitude, uint longitude, uint under)
    {
        var file = TestImages.JpegWithExif(ExifWriter.Write(moreGps:
        [
            TiffWriter.Tag.Text(1, "N"), TiffWriter.Tag.Rationals(2, (latitude, under), (0, under), (0, under)),
            TiffWriter.Tag.Text(3, "E"), TiffWriter.Tag.Rationals(4, (longitude, under), (0, under), (0, under)),
        ]));

        (await ReadHeaderAsync(file)).Location.ShouldBeNull();
    }

    [Fact]
    public async Task ReadHeader_HostileText_IsCleanedAndCut()
    {
        var camera = (await ReadHeaderAsync(TestImages.JpegWithExif(ExifWriter.Write(make: "A\u0001\u001bcme\r\n", model: new string('x', 5000))))).Camera;

        (camera!.Make, camera.Model!.Length).ShouldBe(("Acme", 200));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task ReadHeader_BrokenExif_StillTellsTheSize(int seed)
    {
        var noise = new byte[500];
        new Random(seed).NextBytes(noise);
        if (seed % 2 == 0)
            "II*\0"u8.CopyTo(noise);

        var header = await ReadHeaderAsync(TestImages.JpegWithExif(noise));

        (header.Width * header.Height, header.TakenAt).ShouldBe((64 * 48, null));
    }

    [Fact]
    public async Task ReadHeader_Animated_CountsFramesAndTellsTheSizeOfOne()
    {
        var (gif, webp) = (await ReadHeaderAsync(TestImages.AnimatedGif(frames: 4)), await ReadHeaderAsync(TestImages.AnimatedWebp()));

        (gif.Width, gif.Height, gif.Frames, webp.Width, webp.Height, webp.Frames).ShouldBe((64, 48, 4, 64, 48, 3));
    }

    [Fact]
    public async Task ReadHeader_StreamThatIsNoFile_IsReadAllTheSame()
    {
        await using var stream = new BufferedStream(new MemoryStream(TestImages.Jpeg()));

        (await Pictures.ReadHeaderAsync(stream, ImageFormat.Jpeg, default)).Width.ShouldBe(64);
    }

    [Fact]
    public async Task ReadHeaderAndDecode_MutatedFiles_AreReadOrRefused()
    {
        var files = Formats().Select(row => row.Data.Item2).ToArray();
        for (var seed = 0; seed < 110; seed++)
        {
            var random = new Random(seed);
            var file = (byte[])files[seed % files.Length].Clone();
            for (var i = 0; i < 1 + random.Next(12); i++)
                file[random.Next(ImageFormat.SniffLength / 4, file.Length)] = (byte)random.Next(256);
            using var picture = new MemoryStream(file[..(seed % 3 == 0 ? random.Next(64, file.Length) : file.Length)]);
            if (ImageFormat.Sniff(file) is not { } format)
                continue;
            try
            {
                var header = await Pictures.ReadHeaderAsync(picture, format, default);
                picture.Position = 0;
                await Pictures.DecodeAsync(picture, header, default);
            }
            catch (UnusableImageException error)
            {
                error.Code.ShouldBeOneOf(FailureCodes.Corrupt, FailureCodes.Truncated, FailureCodes.NoPixels, FailureCodes.TooManyPixels, FailureCodes.UnsupportedVariant);
            }
        }
    }

    private protected async Task<ImageHeader> ReadHeaderAsync(byte[] file)
    {
        using var picture = new MemoryStream(file);
        return await Pictures.ReadHeaderAsync(picture, ImageFormat.Sniff(file)!, default);
    }

    private static byte[] WithSize(byte[] file, int at, int width, int height)
    {
        BitConverter.TryWriteBytes(file.AsSpan(at), width);
        BitConverter.TryWriteBytes(file.AsSpan(at + 4), height);
        return file;
    }
}
