using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Imaging.Vips;

namespace ImageAspire.Imaging;

/// <summary>Decodes an original with libvips and shrinks it during that, so that memory depends on the result.</summary>
internal static class ShrinkOnLoad
{
    /// <summary>Decodes upright, in 8-bit sRGB (with or without alpha); never enlarges.</summary>
    /// <param name="source">The original.</param>
    /// <param name="header">Its header.</param>
    /// <param name="side">Side of the square that the result fits into, in pixels.</param>
    /// <param name="cancellationToken">Stops the decoder.</param>
    public static VipsImage Decode(StreamSource source, ImageHeader header, int side, CancellationToken cancellationToken)
    {
        // fail-on=error: a file that ends early or has a corrupt part is refused, one with a harmless oddity is not.
        using var thumbnail = header.Format == ImageFormat.Jpeg ? DecodeJpeg(source, header, side)
            // To the loader itself, because thumbnail_source ignores an option of its own of that name (libvips issue 5195).
            : VipsOperation.FromSource("thumbnail_source", source, $"width={side},height={side},size=down", "[fail-on=error]");
        using var srgb = ToSrgb(thumbnail);
        using var bytes = VipsOperation.FromImage("cast", srgb, "format=uchar");
        using var pixels = bytes.ToMemory(cancellationToken);
        // Only pixels are passed on: a thumbnail must not reveal where and when it was taken ("strip" does not help in 8.14's WebP).
        return VipsImage.FromPixels(pixels.Pixels(), pixels.Width, pixels.Height, pixels.Bands);
    }

    // A JPEG decodes to a half, a quarter or an eighth at little cost. thumbnail_source keeps twice the wanted size for the filter
    // behind it, which makes it decode 4000 px whole for 1024; the decoder's own filter is good enough to go nearer.
    private static VipsImage DecodeJpeg(StreamSource source, ImageHeader header, int side)
    {
        // Bounded by the short side as well: a strip one pixel high must not shrink to nothing.
        var factor = Math.Min(Math.Max(header.Width, header.Height) / side, Math.Min(header.Width, header.Height));
        var shrink = factor >= 8 ? 8 : factor >= 4 ? 4 : factor >= 2 ? 2 : 1;
        using var decoded = VipsOperation.FromSource("jpegload_source", source, $"shrink={shrink},access=sequential,fail-on=error");
        return VipsOperation.FromImage("thumbnail_image", decoded, $"width={side},height={side},size=down");
    }

    // Only an image with an embedded profile goes through colour management: libvips 8.14 would change the others as well.
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
            // A profile that is corrupt or meant for another kind of image: the values are shown as they are, as browsers do.
            return VipsOperation.FromImage("colourspace", image, "space=srgb");
        }
    }
}
