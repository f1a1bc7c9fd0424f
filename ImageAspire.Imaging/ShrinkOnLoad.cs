using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Imaging.Vips;
using NetVips;

namespace ImageAspire.Imaging;

/// <summary>Decodes an original with libvips and shrinks it during that, so that memory depends on the result.</summary>
internal static class ShrinkOnLoad
{
    /// <summary>Decodes upright, in 8-bit sRGB (with or without alpha); never enlarges.</summary>
    /// <param name="source">The original.</param>
    /// <param name="header">Its header.</param>
    /// <param name="side">Side of the square that the result fits into, in pixels.</param>
    /// <param name="cancellationToken">Stops the decoder.</param>
    /// <param name="failOn">By default a file that ends early or has a corrupt part is refused, one with a harmless oddity is not.</param>
    public static Image Decode(StreamSource source, ImageHeader header, int side, CancellationToken cancellationToken, Enums.FailOn failOn = Enums.FailOn.Error)
    {
        using var thumbnail = header.Format == ImageFormat.Jpeg ? DecodeJpeg(source, header, side, failOn)
            // To the loader itself, because thumbnail_source ignores an option of its own of that name (libvips issue 5195).
            : Image.ThumbnailSource(source, side, height: side, size: Enums.Size.Down, optionString: $"[fail-on={failOn.ToString().ToLowerInvariant()}]");
        return ToPlainSrgb(thumbnail, cancellationToken);
    }

    /// <summary>The pixels in 8-bit sRGB, in memory, and nothing else: a thumbnail must not reveal where and when it was taken.</summary>
    /// <param name="image">A small image, maybe with a profile.</param>
    /// <param name="cancellationToken">Stops the decoder behind it.</param>
    public static Image ToPlainSrgb(Image image, CancellationToken cancellationToken)
    {
        using var srgb = ToSrgb(image);
        using var bytes = srgb.Cast(Enums.BandFormat.Uchar);
        using var pixels = bytes.ToMemory(cancellationToken);
        return VipsImages.FromPixels(pixels.Pixels(), pixels.Width, pixels.Height, pixels.Bands);
    }

    // A JPEG decodes to a half, a quarter or an eighth at little cost. thumbnail_source keeps twice the wanted size for the filter
    // behind it, which makes it decode 4000 px whole for 1024; the decoder's own filter is good enough to go nearer.
    private static Image DecodeJpeg(StreamSource source, ImageHeader header, int side, Enums.FailOn failOn)
    {
        // Bounded by the short side as well: a strip one pixel high must not shrink to nothing.
        var factor = Math.Min(Math.Max(header.Width, header.Height) / side, Math.Min(header.Width, header.Height));
        var shrink = factor >= 8 ? 8 : factor >= 4 ? 4 : factor >= 2 ? 2 : 1;
        using var decoded = Image.JpegloadSource(source, shrink: shrink, access: Enums.Access.Sequential, failOn: failOn);
        // As the header says: the preview in a raw file is turned as that file is, whatever it says of itself.
        using var turned = decoded.Mutate(one => one.Set(GValue.GIntType, "orientation", header.Orientation ?? 1));
        return turned.ThumbnailImage(side, height: side, size: Enums.Size.Down);
    }

    // Only an image with an embedded profile goes through colour management.
    private static Image ToSrgb(Image image)
    {
        if (!image.Contains("icc-profile-data"))
            return image.Colourspace(Enums.Interpretation.Srgb);
        try
        {
            return image.IccTransform("srgb", embedded: true);
        }
        catch (VipsException)
        {
            // A profile that is corrupt or meant for another kind of image: the values are shown as they are, as browsers do.
            return image.Colourspace(Enums.Interpretation.Srgb);
        }
    }
}
