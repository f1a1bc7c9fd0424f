using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;

namespace ImageAspire.Imaging;

/// <summary>Decodes image bytes to pixels. They are untrusted: limits hold before memory is spent.</summary>
public interface IPixelDecoder
{
    /// <summary>Most that <c>side</c> may be, in pixels.</summary>
    const int MaxSide = 2048;

    /// <summary>Decodes the first frame, upright, in sRGB, on white where it is transparent.</summary>
    /// <param name="image">The file; it can seek, and is read synchronously.</param>
    /// <param name="format">What its bytes say it is.</param>
    /// <param name="side">Side of the square that the pixels fit into, up to <see cref="MaxSide"/>; they are never enlarged.</param>
    /// <param name="cancellationToken">Time limit.</param>
    /// <exception cref="UnusableImageException">Not a usable image.</exception>
    /// <exception cref="IOException"><paramref name="image"/> cannot be read.</exception>
    Task<PixelImage> DecodePixelsAsync(Stream image, ImageFormat format, int side, CancellationToken cancellationToken);
}

/// <summary>An image's size, and its pixels scaled down.</summary>
/// <param name="Width">Of the original, upright, in pixels.</param>
/// <param name="Height">Of the original, upright, in pixels.</param>
/// <param name="Pixels">Scaled down.</param>
public sealed record PixelImage(int Width, int Height, RgbPixels Pixels);

/// <summary>What decodes images here, in this process or in others.</summary>
internal interface ICodec : IImageDecoder, IPixelDecoder;
