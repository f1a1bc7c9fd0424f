using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Imaging.Bmp;
using ImageAspire.Imaging.Headers;
using ImageAspire.Imaging.Vips;
using NetVips;

namespace ImageAspire.Imaging;

/// <summary>Decodes with libvips. Native work runs on the thread pool; the caller bounds how much runs at once.</summary>
internal sealed class VipsImageDecoder(ImagingOptions options, TimeProvider time) : IImageDecoder
{
    /// <inheritdoc />
    public bool CanDecode => true;

    /// <inheritdoc />
    public Task<ImageHeader> ReadHeaderAsync(Stream image, ImageFormat format, CancellationToken cancellationToken) =>
        RunAsync(image, format, (stream, source) => ReadHeader(source, stream, format), cancellationToken);

    /// <inheritdoc />
    public async Task<DecodedImage?> DecodeAsync(Stream image, ImageHeader header, CancellationToken cancellationToken) =>
        await RunAsync(image, header.Format, (stream, source) =>
        {
            using var large = header.Format == ImageFormat.Bmp
                ? BmpDecoder.Load(stream, ImageDerivatives.LargeSide, options, cancellationToken)
                : ShrinkOnLoad.Decode(source, header, ImageDerivatives.LargeSide, cancellationToken);
            return ImageDerivatives.Make(large, options.Quality, cancellationToken);
        }, cancellationToken);

    private ImageHeader ReadHeader(StreamSource source, Stream stream, ImageFormat format)
    {
        var read = HeaderReader.Read(stream, format);
        read.Check(options);
        if (format == ImageFormat.Bmp)
            return read.ToHeader(format, time);

        stream.Position = 0;
        using var image = VipsImages.Open(LoaderOf(format), source);
        var sideways = image.Orientation() is >= 5 and <= 8;
        var (width, height) = (image.Width, image.PageHeight);
        return (read with
        {
            Width = sideways ? height : width,
            Height = sideways ? width : height,
            Orientation = image.Orientation(),
            Frames = image.Pages() is > 1 and var pages ? pages : null,
            Exif = read.Exif ?? image.Blob("exif-data"),
        }).Check(options).ToHeader(format, time);
    }

    private static string LoaderOf(ImageFormat format) =>
        format == ImageFormat.Avif ? "heifload_source" : $"{format.Name}load_source";

    // An error of libvips is a cancellation, a failing store, or an unusable image.
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
            catch (VipsException error)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (source.Failure is { } failure)
                    throw new IOException("The image could not be read from its store.", failure);
                throw BrokenImage.Describe(seekable.Stream, format, error);
            }
        }, cancellationToken);
    }
}
