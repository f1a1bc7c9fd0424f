using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Imaging.Headers;

namespace ImageAspire.Imaging;

/// <summary>Works without a codec: reads sizes and EXIF from headers, and decodes no pixels.</summary>
internal sealed class HeaderImageDecoder(ImagingOptions options, TimeProvider time) : IPictures
{
    /// <inheritdoc />
    public bool CanDecode => false;

    /// <inheritdoc />
    public async Task<PictureHeader> ProbeAsync(Stream picture, ImageFormat format, CancellationToken cancellationToken)
    {
        await using var image = await SeekableImage.OpenAsync(picture, cancellationToken);
        var header = HeaderReader.Read(image.Stream, format).Check(options);
        var orientation = header.Orientation ?? ExifFacts.Read(header.Exif, time.GetUtcNow()).Orientation;
        var upright = orientation is >= 5 and <= 8 ? header with { Width = header.Height, Height = header.Width } : header;
        return (upright with { Orientation = orientation }).ToHeader(format, time);
    }

    /// <inheritdoc />
    public Task<RenderedPicture?> RenderAsync(Stream picture, PictureHeader header, CancellationToken cancellationToken) =>
        Task.FromResult<RenderedPicture?>(null);
}
