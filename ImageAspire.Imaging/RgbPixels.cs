using ImageAspire.Imaging.Vips;
using NetVips;

namespace ImageAspire.Imaging;

/// <summary>The pixels of an upright image in sRGB, interleaved, one byte a channel.</summary>
public sealed class RgbPixels
{
    private const int Channels = 3;

    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="bytes">Red, green, blue of each pixel, row by row; exactly <paramref name="width"/> × <paramref name="height"/> × 3.</param>
    public RgbPixels(int width, int height, ReadOnlyMemory<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfNotEqual(bytes.Length, (long)width * height * Channels, nameof(bytes));
        (Width, Height, Bytes) = (width, height, bytes);
    }

    /// <summary>In pixels.</summary>
    public int Width { get; }

    /// <summary>In pixels.</summary>
    public int Height { get; }

    /// <summary>Red, green, blue of each pixel, row by row.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Scaled to exactly this size; its shape may change.</summary>
    public RgbPixels Resize(int width, int height) => InFrame(width, height, 0, 0, width, height, 0);

    /// <summary>Scaled, and placed on a grey canvas; what lies outside of the canvas is cut off.</summary>
    /// <param name="width">Of the scaled image, in pixels.</param>
    /// <param name="height">Of the scaled image, in pixels.</param>
    /// <param name="left">Of the scaled image on the canvas; may be negative.</param>
    /// <param name="top">Of the scaled image on the canvas; may be negative.</param>
    /// <param name="canvasWidth">In pixels.</param>
    /// <param name="canvasHeight">In pixels.</param>
    /// <param name="grey">Of the canvas, 0–255.</param>
    public RgbPixels InFrame(int width, int height, int left, int top, int canvasWidth, int canvasHeight, byte grey)
    {
        using var image = VipsImages.FromPixels(Bytes.Span, Width, Height, Channels);
        using var scaled = image.Resize((double)width / Width, vscale: (double)height / Height, kernel: Enums.Kernel.Linear);
        // Rounding may leave one pixel too few.
        using var exact = scaled.Embed(0, 0, width, height, extend: Enums.Extend.Copy);
        using var framed = exact.Embed(left, top, canvasWidth, canvasHeight, extend: Enums.Extend.Background, background: [grey, grey, grey]);
        return new RgbPixels(canvasWidth, canvasHeight, framed.Pixels());
    }

    /// <summary>A part.</summary>
    public RgbPixels Crop(int left, int top, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(left);
        ArgumentOutOfRangeException.ThrowIfNegative(top);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(left + width, Width, nameof(width));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(top + height, Height, nameof(height));
        var part = new byte[width * height * Channels];
        for (var y = 0; y < height; y++)
            Bytes.Span.Slice(((top + y) * Width + left) * Channels, width * Channels).CopyTo(part.AsSpan(y * width * Channels));
        return new RgbPixels(width, height, part);
    }
}
