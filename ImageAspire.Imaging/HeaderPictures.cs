using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Imaging.Headers;

namespace ImageAspire.Imaging;

/// <summary>Pictures without a codec: sizes and EXIF from headers, no pixels.</summary>
internal sealed class HeaderPictures(ImagingOptions options, TimeProvider time) : IImageDecoder
{
    /// <inheritdoc />
    public bool CanDecode => false;

    /// <inheritdoc />
    public async Task<ImageHeader> ReadHeaderAsync(Stream picture, ImageFormat format, CancellationToken cancellationToken)
    {
        await using var local = await LocalPicture.OpenAsync(picture, cancellationToken);
        var header = HeaderReader.Read(local.Stream, format).Check(options);
        var orientation = header.Orientation ?? ExifFacts.Read(header.Exif, time.GetUtcNow()).Orientation;
        var upright = orientation is >= 5 and <= 8 ? header with { Width = header.Height, Height = header.Width } : header;
        return (upright with { Orientation = orientation }).ToHeader(format, time);
    }

    /// <inheritdoc />
    public Task<DecodedImage?> DecodeAsync(Stream picture, ImageHeader header, CancellationToken cancellationToken) =>
        Task.FromResult<DecodedImage?>(null);
}
