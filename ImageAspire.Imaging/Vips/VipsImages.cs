using NetVips;

namespace ImageAspire.Imaging.Vips;

/// <summary>What this project does with images of libvips in more than one place.</summary>
internal static class VipsImages
{
    // More than any real file has; libvips takes the number from the file.
    private const int MaxPages = 1_000_000;
    private const int MaxBlock = 1 << 20;

    /// <summary>An 8-bit sRGB image from interleaved bytes (three bands, or four with alpha); they are copied.</summary>
    public static unsafe Image FromPixels(ReadOnlySpan<byte> pixels, int width, int height, int bands)
    {
        fixed (byte* data = pixels)
        {
            using var plain = Image.NewFromMemoryCopy((nint)data, (ulong)pixels.Length, width, height, bands, Enums.BandFormat.Uchar);
            return plain.Copy(interpretation: Enums.Interpretation.Srgb);
        }
    }

    /// <summary>Opens an image with a loader by its name, for example <c>jpegload_source</c>: libvips must not guess the format.</summary>
    public static Image Open(string loader, Source source) => (Image)Operation.Call(loader, source);

    /// <summary>Runs the pipeline into memory. Ending the token ends the run at the next few lines of pixels.</summary>
    public static Image ToMemory(this Image image, CancellationToken cancellationToken)
    {
        using var kill = cancellationToken.Register(() => image.SetKill(true));
        return image.CopyMemory();
    }

    /// <summary>A smaller copy, in memory.</summary>
    public static Image Shrink(this Image image, int side, Enums.Size size = Enums.Size.Down)
    {
        using var scaled = image.ThumbnailImage(side, height: side, size: size, noRotate: true);
        return scaled.CopyMemory();
    }

    /// <summary>The pixels, interleaved, one byte a band.</summary>
    public static byte[] Pixels(this Image image) => image.WriteToMemory<byte>();

    /// <summary>1–8; null when the file does not say.</summary>
    public static int? Orientation(this Image image) =>
        !image.Contains("orientation") ? null : image.Get("orientation") is int and >= 1 and <= 8 and var value ? value : 1;

    /// <summary>How many pages or frames the file has.</summary>
    public static int Pages(this Image image) =>
        image.Contains("n-pages") && image.Get("n-pages") is int and > 1 and < MaxPages and var pages ? pages : 1;

    /// <summary>A metadata block; null when there is none, or a longer one than 1 MiB.</summary>
    public static byte[]? Blob(this Image image, string name) => image.Contains(name) && image.Get(name) is byte[] { Length: <= MaxBlock } block ? block : null;
}
