using System.Globalization;
using ImageAspire.Core.Images;
using ImageAspire.Imaging;

namespace ImageAspire.Vision.Api;

/// <summary>Refuses images that are smaller than the public API takes. Larger ones are refused by their header (<c>Imaging:MaxSide</c>).</summary>
internal sealed class ImageLimits(IPixelDecoder decoder) : IPixelDecoder
{
    /// <summary>Least and most pixels of a side.</summary>
    public const int MinSide = 50, MaxSide = 16_000;

    public async Task<PixelImage> DecodePixelsAsync(Stream image, ImageFormat format, int side, CancellationToken cancellationToken)
    {
        var pixels = await decoder.DecodePixelsAsync(image, format, side, cancellationToken);
        return pixels is { Width: >= MinSide, Height: >= MinSide } ? pixels : throw new ApiException(ApiError.ImageSize(string.Create(CultureInfo.InvariantCulture,
            $"The image is {pixels.Width} x {pixels.Height} pixels; both sides must have from {MinSide} to {MaxSide}.")));
    }
}
