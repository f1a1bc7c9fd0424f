using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Imaging.Headers;
using ImageAspire.Imaging.Vips;

namespace ImageAspire.Imaging;

/// <summary>Pictures through libvips. Native work runs on the thread pool; the Worker bounds how many run at once.</summary>
internal sealed class VipsPictures(ImagingOptions options, TimeProvider time) : IImageDecoder
{
    /// <inheritdoc />
    public bool CanDecode => true;

    /// <inheritdoc />
    public Task<ImageHeader> ReadHeaderAsync(Stream picture, ImageFormat format, CancellationToken cancellationToken) =>
        GuardAsync(picture, format, (stream, source) => Probe(source, stream, format), cancellationToken);

    /// <inheritdoc />
    public async Task<DecodedImage?> DecodeAsync(Stream picture, ImageHeader header, CancellationToken cancellationToken) =>
        await GuardAsync(picture, header.Format, (stream, source) =>
        {
            using var large = header.Format == ImageFormat.Bmp
                ? BmpPicture.Load(stream, VipsRendering.Large, options, cancellationToken)
                : VipsRendering.Shrink(source, header, VipsRendering.Large, cancellationToken);
            return VipsRendering.Render(large, options.Quality, cancellationToken);
        }, cancellationToken);

    private ImageHeader Probe(StreamSource source, Stream picture, ImageFormat format)
    {
        var read = HeaderReader.Read(picture, format);
        read.Check(options);
        if (format == ImageFormat.Bmp)
            return read.ToHeader(format, time);

        picture.Position = 0;
        using var image = VipsOperation.FromSource(LoaderOf(format), source);
        var sideways = image.Orientation is >= 5 and <= 8;
        var (width, height) = (image.Width, image.PageHeight);
        return (read with
        {
            Width = sideways ? height : width,
            Height = sideways ? width : height,
            Orientation = image.Orientation,
            Frames = image.Pages > 1 ? image.Pages : null,
            Exif = read.Exif ?? image.Blob("exif-data"),
        }).Check(options).ToHeader(format, time);
    }

    private static string LoaderOf(ImageFormat format) =>
        format == ImageFormat.Avif ? "heifload_source" : $"{format.Name}load_source";

    /// <summary>Runs native work off the caller's thread and turns its failure into what it was: a limit, a broken store, a broken picture.</summary>
    private static async Task<T> GuardAsync<T>(Stream picture, ImageFormat format, Func<Stream, StreamSource, T> work, CancellationToken cancellationToken)
    {
        await using var local = await LocalPicture.OpenAsync(picture, cancellationToken);
        return await Task.Run(() =>
        {
            using var source = new StreamSource(local.Stream, cancellationToken);
            try
            {
                return work(local.Stream, source);
            }
            catch (VipsException error)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (source.Failure is { } failure)
                    throw new IOException("The picture could not be read from its store.", failure);
                throw BrokenPicture.Describe(local.Stream, format, error);
            }
        }, cancellationToken);
    }
}
