using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Imaging.Headers;
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
    /// <exception cref="UnusableImageException">It has no preview, or next to nothing is left of it.</exception>
    /// <exception cref="VipsException">Nothing of the preview can be decoded.</exception>
    public static (Image Image, ImageDamage? Damage) Decode(Stream file, CameraRaw raw, ImageHeader header, int side, CancellationToken cancellationToken)
    {
        var preview = raw.Preview ?? throw raw.WithoutPreview();
        var jpeg = header with { Format = ImageFormat.Jpeg, Width = (int)preview.Width, Height = (int)preview.Height };
        var (image, damage) = EmbeddedImage.Decode(file, preview.At, preview.Length, jpeg, side, cancellationToken);
        return (image, damage ?? (raw.EndsEarly ? new ImageDamage(ImageDamage.Truncated) : null));
    }
}
