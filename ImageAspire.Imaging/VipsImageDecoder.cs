using System.Security.Cryptography;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Imaging.Bmp;
using ImageAspire.Imaging.Headers;
using ImageAspire.Imaging.Magick;
using ImageAspire.Imaging.Measuring;
using ImageAspire.Imaging.Removal;
using ImageAspire.Imaging.Vips;
using ImageMagick;
using NetVips;

namespace ImageAspire.Imaging;

/// <summary>Decodes with libvips, and with ImageMagick what that does not read. Native work runs on the thread pool; the caller bounds how much runs at once.</summary>
internal sealed class VipsImageDecoder(ImagingOptions options, TimeProvider time) : ICodec
{
    /// <inheritdoc />
    public bool CanDecode => true;

    /// <inheritdoc />
    public Task<InspectedImage> InspectAsync(Stream image, ImageFormat format, CancellationToken cancellationToken) => Task.Run(() =>
    {
        var read = ReadHeader(image, format, cancellationToken);
        var header = read.Upright().Check(options).ToHeader(format, time);
        var (rendered, pixels) = Run(image, format, source =>
        {
            var (decoded, damage) = Decode(image, source, header, ImageDerivatives.LargestSide(format), cancellationToken);
            using var large = decoded;
            return (ImageDerivatives.Make(large, options.Quality, cancellationToken) with { Damaged = damage }, SHA256.HashData(large.Pixels()));
        }, cancellationToken);
        // Of a damaged file it is not known what decoders take for the image.
        var edits = rendered.Damaged is not null ? null
            : MetadataRemoval.Find(image, format, read, edited => ReadHeader(edited, format, cancellationToken), edited => Shows(edited, header, pixels, cancellationToken));
        return new InspectedImage(header with { MetadataEdits = edits }, rendered);
    }, cancellationToken);

    /// <inheritdoc />
    public Task<PixelImage> DecodePixelsAsync(Stream image, ImageFormat format, int side, CancellationToken cancellationToken) => Task.Run(() =>
    {
        var header = ReadHeader(image, format, cancellationToken).Upright().Check(options).ToHeader(format, time);
        return Run(image, format, source =>
        {
            var (decoded, _) = Decode(image, source, header, side, cancellationToken);
            using var shown = decoded;
            using var flat = ImageDerivatives.Flatten(shown);
            return new PixelImage(header.Width, header.Height, new RgbPixels(flat.Width, flat.Height, flat.Pixels()));
        }, cancellationToken);
    }, cancellationToken);

    private bool Shows(Stream image, ImageHeader header, byte[] pixels, CancellationToken cancellationToken) => Run(image, header.Format, source =>
    {
        var (decoded, damage) = Decode(image, source, header, ImageDerivatives.LargestSide(header.Format), cancellationToken);
        using var large = decoded;
        return damage is null && SHA256.HashData(large.Pixels()).AsSpan().SequenceEqual(pixels);
    }, cancellationToken);

    // As stored, not upright.
    private RawHeader ReadHeader(Stream image, ImageFormat format, CancellationToken cancellationToken) => Run(image, format, source =>
    {
        var read = HeaderReader.Read(image, format).Check(options);
        if (format == ImageFormat.Bmp || format == ImageFormat.Ico || read.CameraRaw is not null)
            return read;
        image.Position = 0;
        return Either(source, format, () => ReadHeader(source, format, read), () => MagickDecoder.ReadHeader(image, format, read, cancellationToken));
    }, cancellationToken);

    private static RawHeader ReadHeader(StreamSource source, ImageFormat format, RawHeader read)
    {
        using var image = VipsImages.Open(LoaderOf(format), source);
        return read with
        {
            Width = image.Width, Height = image.PageHeight, Orientation = image.Orientation(), Frames = image.Pages() is > 1 and var pages ? pages : null,
            Exif = read.Exif ?? image.Blob("exif-data") ?? image.PngProfile("exif", "APP1"),
            Xmp = image.Blob("xmp-data") ?? read.Xmp ?? image.PngProfile("xmp"),
            Iptc = image.Blob("iptc-data") ?? read.Iptc ?? image.PngProfile("iptc", "8bim"),
            Icc = image.Blob("icc-profile-data"),
        };
    }

    private (Image Image, ImageDamage? Damage) Decode(Stream stream, StreamSource source, ImageHeader header, int side, CancellationToken cancellationToken)
    {
        if (header.Format == ImageFormat.Bmp)
            return (BmpDecoder.Load(stream, side, options, cancellationToken), null);
        if (header.Format == ImageFormat.Ico)
            return IcoImage.Decode(stream, header, side, cancellationToken);
        if (CameraRawImage.Find(stream, header.Format) is { } raw)
            return CameraRawImage.Decode(stream, raw, header, side, cancellationToken);
        // Its codec does not notice the end of every file.
        if (header.Format == ImageFormat.Gif && BrokenImage.EndsEarly(stream, header.Format))
            return DamagedImage.Decode(stream, header, side, cancellationToken);
        try
        {
            var image = InSrgb(stream, header.Format, Either(source, header.Format,
                () => ShrinkOnLoad.Decode(source, header, side, cancellationToken),
                () => MagickDecoder.Decode(stream, header.Format, side, cancellationToken)));
            // The codecs of HEIF say nothing of data that is not there.
            return (image, BrokenImage.IsHeif(header.Format) && BrokenImage.EndsEarly(stream, header.Format) ? new ImageDamage(ImageDamage.Truncated) : null);
        }
        catch (Exception error) when (error is VipsException || error is MagickException && header.Format == ImageFormat.Tiff)
        {
            source.ThrowIfStopped();
            return DamagedImage.Decode(stream, header, side, cancellationToken);
        }
    }

    // By the codec that knows the format; of a TIFF, which is many formats, by the second one what the first refuses.
    private static T Either<T>(StreamSource source, ImageFormat format, Func<T> byVips, Func<T> byMagick)
    {
        if (MagickFormats.IsOnly(format))
            return byMagick();
        try
        {
            return byVips();
        }
        catch (VipsException) when (format == ImageFormat.Tiff)
        {
            source.ThrowIfStopped();
            if (MagickLibrary.Description is null)
                throw;
            return byMagick();
        }
    }

    // Both codecs take a HEIF without a profile for sRGB.
    private static Image InSrgb(Stream stream, ImageFormat format, Image image)
    {
        if (!BrokenImage.IsHeif(format) || HeifColours.Read(new Bytes(stream)) is not { } colours || !WideColours.AreIn(colours))
            return image;
        using var other = image;
        return WideColours.ToSrgb(other, colours);
    }

    private static string LoaderOf(ImageFormat format) =>
        format == ImageFormat.Avif ? "heifload_source" : $"{format.Name}load_source";

    // An error of a codec is a cancellation, a failing store, or an unusable image.
    private static T Run<T>(Stream image, ImageFormat format, Func<StreamSource, T> work, CancellationToken cancellationToken)
    {
        using var source = new StreamSource(image, cancellationToken);
        try
        {
            return work(source);
        }
        catch (Exception error) when (error is VipsException or MagickException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            source.ThrowIfStopped();
            throw BrokenImage.Describe(image, format, error);
        }
    }
}
