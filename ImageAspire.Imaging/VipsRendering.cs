using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Imaging.Measuring;
using ImageAspire.Imaging.Vips;

namespace ImageAspire.Imaging;

/// <summary>From one decode to everything: the original is read once, shrunk while it is decoded, and all else is made from the large thumbnail.</summary>
internal static class VipsRendering
{
    /// <summary>Side of the square that the large thumbnail fits into.</summary>
    public const int Large = 1024;

    /// <summary>Side of the square that the small thumbnail fits into.</summary>
    public const int Small = 256;

    /// <summary>0–6. Against the usual 4, 2 takes less than half the time, and a photograph's thumbnail is 3 % larger.</summary>
    public const int WebpEffort = 2;

    // For the colours; a larger copy gives the same answer.
    private const int ColourSide = 96;

    // 20 px are enough to show a blurred preview, and fit into 1 KiB with room to spare.
    private static readonly (int Side, int Quality)[] PlaceholderTries = [(20, 40), (16, 20), (8, 10)];
    private const int PlaceholderLimit = 1024;

    /// <summary>Decodes upright, in 8-bit sRGB (with or without alpha), at most so large; never enlarges.</summary>
    /// <param name="source">The original.</param>
    /// <param name="header">Its header.</param>
    /// <param name="side">Side of the square that the result fits into, in pixels.</param>
    /// <param name="cancellationToken">Stops the decoder.</param>
    public static VipsImage Shrink(StreamSource source, ImageHeader header, int side, CancellationToken cancellationToken)
    {
        // fail-on=error: a file that ends early or has a broken part is refused, one with a harmless oddity is not.
        using var thumbnail = header.Format == ImageFormat.Jpeg ? ShrinkJpeg(source, header, side)
            // To the loader itself, because thumbnail_source ignores an option of its own of that name (libvips issue 5195).
            : VipsOperation.FromSource("thumbnail_source", source, $"width={side},height={side},size=down", "[fail-on=error]");
        using var srgb = ToSrgb(thumbnail);
        using var bytes = VipsOperation.FromImage("cast", srgb, "format=uchar");
        using var picture = bytes.ToMemory(cancellationToken);
        // Nothing but pixels goes on: where and when it was taken must not travel with a thumbnail ("strip" does not help in 8.14's WebP).
        return VipsImage.FromPixels(picture.Pixels(), picture.Width, picture.Height, picture.Bands);
    }

    // A JPEG decodes to a half, a quarter or an eighth at little cost. thumbnail_source keeps twice the wanted size for the filter
    // behind it, which makes it decode 4000 px whole for 1024; the decoder's own filter is good enough to go nearer.
    private static VipsImage ShrinkJpeg(StreamSource source, ImageHeader header, int side)
    {
        // Bounded by the short side as well: a pixel-high strip must not shrink to nothing.
        var factor = Math.Min(Math.Max(header.Width, header.Height) / side, Math.Min(header.Width, header.Height));
        var shrink = factor >= 8 ? 8 : factor >= 4 ? 4 : factor >= 2 ? 2 : 1;
        using var decoded = VipsOperation.FromSource("jpegload_source", source, $"shrink={shrink},access=sequential,fail-on=error");
        return VipsOperation.FromImage("thumbnail_image", decoded, $"width={side},height={side},size=down");
    }

    // Only a picture with a profile of its own goes through colour management: libvips 8.14 would change the others as well.
    private static VipsImage ToSrgb(VipsImage image)
    {
        if (!image.HasProfile)
            return VipsOperation.FromImage("colourspace", image, "space=srgb");
        try
        {
            return VipsOperation.FromImage("icc_transform", image, "output-profile=srgb,embedded=true");
        }
        catch (VipsException)
        {
            // A profile that is broken or meant for another kind of picture: the numbers are shown as they are, as browsers do.
            return VipsOperation.FromImage("colourspace", image, "space=srgb");
        }
    }

    /// <summary>Makes and measures everything.</summary>
    /// <param name="large">The large thumbnail, in memory.</param>
    /// <param name="quality">1–100.</param>
    /// <param name="cancellationToken">Looked at between the steps.</param>
    public static DecodedImage Render(VipsImage large, int quality, CancellationToken cancellationToken)
    {
        using var flatLarge = Flatten(large);
        using var small = Scale(large, Small);
        using var flatSmall = Flatten(small);

        var thumbnails = new List<DecodedThumbnail>(4);
        foreach (var (size, image, flat) in new[] { (Small, small, flatSmall), (Large, large, flatLarge) })
        {
            cancellationToken.ThrowIfCancellationRequested();
            thumbnails.Add(Describe(size, "image/webp", image, EncodeWebp(image, quality)));
            cancellationToken.ThrowIfCancellationRequested();
            thumbnails.Add(Describe(size, "image/jpeg", flat, EncodeJpeg(flat, quality)));
        }

        using var colours = Scale(flatSmall, ColourSide);
        var measured = ColorMeasurement.Measure(colours.Pixels(), flatLarge.Pixels(), flatLarge.Width);
        return new DecodedImage(thumbnails, measured, Placeholder(small), Hash(flatSmall));
    }

    /// <summary>A WebP.</summary>
    public static byte[] EncodeWebp(VipsImage image, int quality) => VipsOperation.Encode("webpsave_buffer", image, $"Q={quality},effort={WebpEffort},strip=true");

    /// <summary>A smaller copy, in memory.</summary>
    public static VipsImage Scale(VipsImage image, int side, string options = "size=down")
    {
        using var scaled = VipsOperation.FromImage("thumbnail_image", image, $"width={side},height={side},no-rotate=true,{options}");
        return scaled.ToMemory(CancellationToken.None);
    }

    private static byte[] EncodeJpeg(VipsImage image, int quality) => VipsOperation.Encode("jpegsave_buffer", image, $"Q={quality},optimize-coding=true,strip=true");

    private static DecodedThumbnail Describe(int size, string contentType, VipsImage image, byte[] bytes) => new(new ThumbnailInfo(size, image.Width, image.Height, contentType, bytes.Length), bytes);

    /// <summary>Three bands; transparent parts become white.</summary>
    private static VipsImage Flatten(VipsImage image)
    {
        if (!image.HasAlpha)
            return VipsOperation.FromImage("copy", image);
        using var flat = VipsOperation.FromImage("flatten", image, "background=255 255 255");
        return flat.ToMemory(CancellationToken.None);
    }

    private static string Placeholder(VipsImage small)
    {
        foreach (var (side, quality) in PlaceholderTries)
        {
            using var tiny = Scale(small, side);
            var uri = "data:image/webp;base64," + Convert.ToBase64String(VipsOperation.Encode("webpsave_buffer", tiny, $"Q={quality},strip=true"));
            if (uri.Length <= PlaceholderLimit)
                return uri;
        }

        throw new InvalidOperationException("A picture of 8 × 8 pixels does not fit into 1 KiB.");
    }

    private static string Hash(VipsImage flat)
    {
        using var square = Scale(flat, PerceptualHash.Side, "size=force");
        var rgb = square.Pixels();
        var grey = new double[PerceptualHash.Side * PerceptualHash.Side];
        for (var i = 0; i < grey.Length; i++)
            grey[i] = 0.299 * rgb[i * 3] + 0.587 * rgb[i * 3 + 1] + 0.114 * rgb[i * 3 + 2];
        return PerceptualHash.Of(grey);
    }
}
