using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Imaging.Bmp;
using ImageAspire.Imaging.Headers;
using ImageAspire.Imaging.Magick;
using ImageAspire.Imaging.Vips;
using ImageMagick;
using NetVips;

namespace ImageAspire.Imaging;

/// <summary>Decodes with libvips. Native work runs on the thread pool; the caller bounds how much runs at once.</summary>
internal sealed class VipsImageDecoder(ImagingOptions options, TimeProvider time) : IImageDecoder
{
    /// <inheritdoc />
    public bool CanDecode => true;

    /// <inheritdoc />
    public Task<ImageHeader> ReadHeaderAsync(Stream image, ImageFormat format, CancellationToken cancellationToken) =>
        RunAsync(image, format, (stream, source) => ReadHeader(stream, source, format, cancellationToken), cancellationToken);

    /// <inheritdoc />
    public async Task<DecodedImage?> DecodeAsync(Stream image, ImageHeader header, CancellationToken cancellationToken) =>
        await RunAsync(image, header.Format, (stream, source) =>
        {
            using var large = Decode(stream, source, header, cancellationToken);
            return ImageDerivatives.Make(large, options.Quality, cancellationToken);
        }, cancellationToken);

    private ImageHeader ReadHeader(Stream stream, StreamSource source, ImageFormat format, CancellationToken cancellationToken)
    {
        var read = HeaderReader.Read(stream, format);
        read.Check(options);
        if (format == ImageFormat.Bmp)
            return read.ToHeader(format, time);

        stream.Position = 0;
        read = Either(stream, format, () => ReadHeader(source, format, read), () => MagickDecoder.ReadHeader(stream, format, read, cancellationToken));
        return read.Upright().Check(options).ToHeader(format, time);
    }

    private static RawHeader ReadHeader(StreamSource source, ImageFormat format, RawHeader read)
    {
        using var image = VipsImages.Open(LoaderOf(format), source);
        return read with
        {
            Width = image.Width, Height = image.PageHeight, Orientation = image.Orientation(), Frames = image.Pages() is > 1 and var pages ? pages : null,
            Exif = read.Exif ?? image.Blob("exif-data"),
        };
    }

    private Image Decode(Stream stream, StreamSource source, ImageHeader header, CancellationToken cancellationToken) => header.Format == ImageFormat.Bmp
        ? BmpDecoder.Load(stream, ImageDerivatives.LargeSide, options, cancellationToken)
        : Either(stream, header.Format,
            () => ShrinkOnLoad.Decode(source, header, ImageDerivatives.LargeSide, cancellationToken),
            () => MagickDecoder.Decode(stream, header.Format, ImageDerivatives.LargeSide, cancellationToken));

    // By the codec that knows the format; of a TIFF, which is many formats, by the second one what the first refuses and what was not cut off.
    private static T Either<T>(Stream stream, ImageFormat format, Func<T> byVips, Func<T> byMagick)
    {
        if (MagickFormats.IsOnly(format))
            return byMagick();
        try
        {
            return byVips();
        }
        catch (VipsException) when (format == ImageFormat.Tiff && MagickLibrary.Description is not null)
        {
            return byMagick();
        }
    }

    private static string LoaderOf(ImageFormat format) =>
        format == ImageFormat.Avif ? "heifload_source" : $"{format.Name}load_source";

    // An error of a codec is a cancellation, a failing store, or an unusable image.
    private static async Task<T> RunAsync<T>(Stream image, ImageFormat format, Func<Stream, StreamSource, T> work, CancellationToken cancellationToken)
    {
        await using var seekable = await SeekableImage.OpenAsync(image, cancellationToken);
        return await Task.Run(() =>
        {
            using var source = new StreamSource(seekable.Stream, cancellationToken);
            try
            {
                return work(seekable.Stream, source);
            }
            catch (Exception error) when (error is VipsException or MagickException)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (source.Failure is { } failure)
                    throw new IOException("The image could not be read from its store.", failure);
                throw BrokenImage.Describe(seekable.Stream, format, error);
            }
        }, cancellationToken);
    }
}
