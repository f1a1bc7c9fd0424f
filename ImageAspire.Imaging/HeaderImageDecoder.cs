using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Imaging.Headers;
using ImageAspire.Imaging.Metadata;

namespace ImageAspire.Imaging;

/// <summary>Works without a codec: reads sizes and EXIF from headers, and decodes no pixels.</summary>
internal sealed class HeaderImageDecoder(ImagingOptions options, TimeProvider time) : IImageDecoder
{
    /// <inheritdoc />
    public bool CanDecode => false;

    /// <inheritdoc />
    public async Task<ImageHeader> ReadHeaderAsync(Stream image, ImageFormat format, CancellationToken cancellationToken)
    {
        await using var seekable = await SeekableImage.OpenAsync(image, cancellationToken);
        var header = HeaderReader.Read(seekable.Stream, format).Check(options);
        var orientation = header.Orientation ?? Exif.Read(header.Exif).Orientation;
        return (header with { Orientation = orientation }).Upright().ToHeader(format, time);
    }

    /// <inheritdoc />
    public Task<DecodedImage?> DecodeAsync(Stream image, ImageHeader header, CancellationToken cancellationToken) =>
        Task.FromResult<DecodedImage?>(null);
}
