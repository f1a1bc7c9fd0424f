using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Imaging.Headers;
using ImageAspire.Imaging.Vips;
using NetVips;

namespace ImageAspire.Imaging;

/// <summary>Decodes a camera's raw file: the preview in it, turned as the raw file says.</summary>
internal static class CameraRawImage
{
    /// <summary>What <see cref="CameraRaw.Find"/> finds; null for every other file.</summary>
    public static CameraRaw? Find(Stream file, ImageFormat format) => format == ImageFormat.Tiff ? CameraRaw.Find(new TiffFile(new Bytes(file))) : null;

    /// <param name="file">The original.</param>
    /// <param name="raw">What was found in it.</param>
    /// <param name="header">Its header.</param>
    /// <param name="side">Side of the square that the result fits into, in pixels.</param>
    /// <param name="cancellationToken">Stops the decoder.</param>
    /// <exception cref="UnusableImageException">It has no preview, or none is left of it.</exception>
    /// <exception cref="VipsException">Nothing of the preview can be decoded.</exception>
    public static (Image Image, ImageDamage? Damage) Decode(Stream file, CameraRaw raw, ImageHeader header, int side, CancellationToken cancellationToken)
    {
        var found = raw.Preview ?? throw raw.WithoutPreview();
        using var preview = new PartialStream(file, found.At, found.Length);
        var jpeg = header with { Format = ImageFormat.Jpeg, Width = (int)found.Width, Height = (int)found.Height };
        using var source = new StreamSource(preview, cancellationToken);
        try
        {
            return (ShrinkOnLoad.Decode(source, jpeg, side, cancellationToken), raw.EndsEarly ? new ImageDamage(ImageDamage.Truncated) : null);
        }
        catch (VipsException)
        {
            source.ThrowIfStopped();
            return DamagedImage.Decode(preview, jpeg, side, cancellationToken);
        }
    }
}
