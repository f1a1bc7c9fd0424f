using ImageAspire.Core.Images;
using ImageAspire.Imaging.Headers;
using ImageMagick;
using NetVips;

namespace ImageAspire.Imaging.Magick;

/// <summary>Reads with ImageMagick what libvips cannot; everything after the pixels is libvips' work.</summary>
internal static class MagickDecoder
{
    private const int MaxBlock = 1 << 20; // of metadata

    /// <summary>Size, orientation and metadata as the codec has them, without pixels. Width and height are as stored, not yet upright.</summary>
    /// <exception cref="MagickException">Corrupt, or a variant that it does not know.</exception>
    public static RawHeader ReadHeader(Stream file, ImageFormat format, RawHeader read, CancellationToken cancellationToken)
    {
        using var source = MagickSource.Open(file, format);
        using var image = Open(format, source.Ping, cancellationToken);
        return read with
        {
            Width = image.Width, Height = image.Height, Orientation = OrientationOf(image),
            Exif = Block(image.GetExifProfile()?.ToByteArray()) ?? read.Exif, Xmp = Block(image.GetXmpProfile()?.ToByteArray()) ?? read.Xmp, Iptc = Block(image.GetIptcProfile()?.ToByteArray()) ?? read.Iptc,
            Icc = Block(image.GetColorProfile()?.ToByteArray()),
        };
    }

    /// <summary>Decodes the first frame: 8 bits, sRGB or with the profile that says otherwise, upright.</summary>
    /// <param name="file">The original; seekable.</param>
    /// <param name="format">What its bytes say it is.</param>
    /// <param name="side">Side of the square that the result fits into, in pixels.</param>
    /// <param name="cancellationToken">Stops the decoder where it reports progress.</param>
    /// <exception cref="MagickException">Corrupt, or a variant that it does not know.</exception>
    public static unsafe Image Decode(Stream file, ImageFormat format, int side, CancellationToken cancellationToken)
    {
        using var source = MagickSource.Open(file, format);
        using var image = Open(format, source.Read, cancellationToken);
        if (image.ColorSpace is not (ColorSpace.sRGB or ColorSpace.Gray))
        {
            // CMYK, Lab and others: by the profile where there is one. libvips would have to be told what each channel is.
            if (!TryTransform(image))
                image.ColorSpace = ColorSpace.sRGB;
            image.RemoveProfile("icc");
        }

        image.AutoOrient();
        using var pixels = image.GetPixelsUnsafe();
        var bands = (int)pixels.Channels;
        var (width, height) = ((int)image.Width, (int)image.Height);
        // Borrowed: everything below runs before the pixels go.
        using var raw = Image.NewFromMemory(pixels.GetAreaPointer(0, 0, image.Width, image.Height), (ulong)width * (ulong)height * (ulong)bands, width, height, bands, Enums.BandFormat.Uchar);
        var colours = bands >= 3 ? 3 : 1;
        using var visible = raw.ExtractBand(0, n: Math.Min(bands, image.HasAlpha ? colours + 1 : colours));
        using var named = visible.Copy(interpretation: colours == 3 ? Enums.Interpretation.Srgb : Enums.Interpretation.Bw);
        using var profiled = WithProfile(named, image.GetColorProfile()?.ToByteArray());
        using var thumbnail = profiled.ThumbnailImage(side, height: side, size: Enums.Size.Down, noRotate: true);
        return ShrinkOnLoad.ToPlainSrgb(thumbnail, cancellationToken);
    }

    private static MagickImage Open(ImageFormat format, Action<MagickImage, MagickReadSettings> read, CancellationToken cancellationToken)
    {
        var settings = new MagickReadSettings { Format = MagickFormats.Of(format), FrameIndex = 0, FrameCount = 1 };
        var image = new MagickImage();
        try
        {
            image.Progress += (_, progress) => progress.Cancel = cancellationToken.IsCancellationRequested;
            read(image, settings);
            cancellationToken.ThrowIfCancellationRequested();
            return image;
        }
        catch
        {
            image.Dispose();
            throw;
        }
    }

    // False without a profile, and with one that is corrupt or meant for another kind of image.
    private static bool TryTransform(MagickImage image)
    {
        try
        {
            return image.GetColorProfile() is not null && image.TransformColorSpace(ColorProfiles.SRGB);
        }
        catch (MagickException)
        {
            return false;
        }
    }

    private static byte[]? Block(byte[]? block) => block is { Length: <= MaxBlock } ? block : null;

    private static Image WithProfile(Image image, byte[]? profile) =>
        profile is null ? image.Copy() : image.Mutate(one => one.Set(GValue.BlobType, "icc-profile-data", profile));

    // What a HEIC says about its rotation is done by its codec, which neutralises the EXIF value.
    private static int? OrientationOf(MagickImage image) => (int)image.Orientation is >= 1 and <= 8 and var value ? value : null;
}
