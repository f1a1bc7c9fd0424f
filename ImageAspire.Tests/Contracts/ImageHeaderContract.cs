using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Imaging;

namespace ImageAspire.Tests.Contracts;

/// <summary>What every <see cref="IImageDecoder"/> does, with a codec or without: headers, limits, metadata.</summary>
public abstract partial class ImageHeaderContract
{
    private protected static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private protected IImageDecoder Decoder => Create(new ImagingOptions());

    public static TheoryData<string, byte[]> Formats() => new()
    {
        { "jpeg", TestImages.Jpeg() }, { "jpeg", TestImages.CmykJpeg() }, { "png", TestImages.Png() }, { "png", TestImages.Png16() },
        { "png", TestImages.GreyPng() }, { "png", TestImages.TransparentPng() }, { "gif", TestImages.Gif() }, { "webp", TestImages.Webp() },
        { "tiff", TestImages.Tiff() }, { "bmp", TestImages.Bmp() }, { "avif", TestImages.Avif() }, { "psd", TestImages.Psd() },
        { "ico", TestImages.Ico() }, { "ico", TestImages.PngIco() }, { "pnm", TestImages.Ppm() }, { "pnm", TestImages.TextPpm() }, { "pnm", TestImages.Pam() },
        { "qoi", TestImages.Qoi() },
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
        { FailureCodes.Truncated, TestImages.Ico()[..500] },
        { FailureCodes.Truncated, TestImages.Ppm()[..8] },
        { FailureCodes.Truncated, TestImages.Pam()[..20] },
        { FailureCodes.Truncated, TestImages.Qoi()[..10] },
        { FailureCodes.Corrupt, [.. "P6\n64 x 48 255\n"u8, .. new byte[64]] },
        { FailureCodes.NoPixels, [.. "P6\n0 48 255\n"u8, .. new byte[64]] },
        { FailureCodes.TooManyPixels, [.. "P5 20000 20000 255 "u8, .. new byte[64]] },
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
        var decoder = Create(new ImagingOptions { MaxPixels = 64 * 48 });
        using var fits = new MemoryStream(TestImages.Png(64, 48));
        using var tooLarge = new MemoryStream(TestImages.Png(64, 49));

        await decoder.InspectAsync(fits, ImageFormat.Png, default);
        var error = await Should.ThrowAsync<UnusableImageException>(() => decoder.InspectAsync(tooLarge, ImageFormat.Png, default));

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

        (await Decoder.InspectAsync(stream, ImageFormat.Jpeg, default)).Header.Width.ShouldBe(64);
    }

    [Fact]
    public async Task Inspect_MutatedFiles_AreReadOrRefused()
    {
        var files = Formats().Select(row => row.Data.Item2).ToArray();
        for (var seed = 0; seed < 110; seed++)
        {
            var random = new Random(seed);
            var file = (byte[])files[seed % files.Length].Clone();
            for (var i = 0; i < 1 + random.Next(12); i++)
                file[random.Next(ImageFormat.SniffLength / 4, file.Length)] = (byte)random.Next(256);
            using var content = new MemoryStream(file[..(seed % 3 == 0 ? random.Next(64, file.Length) : file.Length)]);
            if (ImageFormat.Sniff(file) is not { } format)
                continue;
            try
            {
                await Decoder.InspectAsync(content, format, default);
            }
            catch (UnusableImageException error)
            {
                error.Code.ShouldBeOneOf(FailureCodes.Corrupt, FailureCodes.Truncated, FailureCodes.NoPixels, FailureCodes.TooManyPixels, FailureCodes.UnsupportedVariant);
            }
        }
    }

    private protected async Task<ImageHeader> ReadHeaderAsync(byte[] file)
    {
        using var content = new MemoryStream(file);
        return (await Decoder.InspectAsync(content, ImageFormat.Sniff(file)!, default)).Header;
    }

    private static byte[] WithSize(byte[] file, int at, int width, int height)
    {
        BitConverter.TryWriteBytes(file.AsSpan(at), width);
        BitConverter.TryWriteBytes(file.AsSpan(at + 4), height);
        return file;
    }
}
