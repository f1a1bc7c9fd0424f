using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Imaging.Vips;
using NetVips;

namespace ImageAspire.Imaging;

/// <summary>An image that is a part of a file, decoded as a file of its own.</summary>
internal static class EmbeddedImage
{
    /// <param name="file">The original.</param>
    /// <param name="at">Where in it the image begins.</param>
    /// <param name="length">Of the image, in bytes; all of them are there.</param>
    /// <param name="header">Of the image; its orientation holds, whatever the image says of itself.</param>
    /// <param name="side">Side of the square that the result fits into, in pixels.</param>
    /// <param name="cancellationToken">Stops the decoder.</param>
    /// <exception cref="UnusableImageException">Next to nothing is left of it.</exception>
    /// <exception cref="VipsException">Nothing of it can be decoded.</exception>
    public static (Image Image, ImageDamage? Damage) Decode(Stream file, long at, long length, ImageHeader header, int side, CancellationToken cancellationToken)
    {
        using var part = new PartialStream(file, at, length);
        using var source = new StreamSource(part, cancellationToken);
        try
        {
            return (ShrinkOnLoad.Decode(source, header, side, cancellationToken), null);
        }
        catch (VipsException)
        {
            source.ThrowIfStopped();
            return DamagedImage.Decode(part, header, side, cancellationToken);
        }
    }
}
