using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Imaging.Headers;
using ImageAspire.Imaging.Metadata;

namespace ImageAspire.Imaging;

/// <summary>Works without a codec: reads sizes and EXIF from headers, and decodes no pixels.</summary>
internal sealed class HeaderImageDecoder(ImagingOptions options, TimeProvider time) : ICodec
{
    /// <inheritdoc />
    public bool CanDecode => false;

    /// <inheritdoc />
    public Task<InspectedImage> InspectAsync(Stream image, ImageFormat format, CancellationToken cancellationToken) => Task.Run(() =>
    {
        var header = HeaderReader.Read(image, format).Check(options);
        var orientation = header.Orientation ?? Exif.Read(header.Exif).Orientation;
        return new InspectedImage((header with { Orientation = orientation }).Upright().ToHeader(format, time), null);
    }, cancellationToken);

    /// <inheritdoc />
    public Task<PixelImage> DecodePixelsAsync(Stream image, ImageFormat format, int side, CancellationToken cancellationToken) =>
        Task.FromException<PixelImage>(new UnusableImageException(FailureCodes.NoPixels, "There is no codec here that decodes pixels."));
}
