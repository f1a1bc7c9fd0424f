using System.Buffers.Binary;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Imaging.Headers;
using ImageAspire.Imaging.Magick;
using ImageMagick;
using NetVips;

namespace ImageAspire.Imaging;

/// <summary>Decodes the largest picture of a Windows icon: a PNG by libvips, a bitmap by ImageMagick.</summary>
internal static class IcoImage
{
    /// <param name="file">The original.</param>
    /// <param name="header">Its header.</param>
    /// <param name="side">Side of the square that the result fits into, in pixels.</param>
    /// <param name="cancellationToken">Stops the decoder.</param>
    /// <exception cref="UnusableImageException">Next to nothing is there of the picture.</exception>
    /// <exception cref="VipsException">Nothing of the picture can be decoded.</exception>
    /// <exception cref="MagickException">The picture is corrupt.</exception>
    public static (Image Image, ImageDamage? Damage) Decode(Stream file, ImageHeader header, int side, CancellationToken cancellationToken)
    {
        var picture = IcoHeader.Largest(new Bytes(file));
        if (picture.IsPng)
            return EmbeddedImage.Decode(file, picture.At, picture.Length, header with { Format = ImageFormat.Png }, side, cancellationToken);
        using var alone = new MemoryStream(Alone(file, picture));
        return (MagickDecoder.Decode(alone, header.Format, side, cancellationToken), null);
    }

    // ImageMagick would decode the first picture, whatever its size.
    private static byte[] Alone(Stream file, IcoPicture picture)
    {
        var icon = new byte[IcoHeader.TableAt + IcoHeader.EntrySize + picture.Length];
        file.Position = 0;
        file.ReadExactly(icon.AsSpan(0, IcoHeader.TableAt));
        BinaryPrimitives.WriteInt16LittleEndian(icon.AsSpan(4), 1);
        file.Position = picture.EntryAt;
        file.ReadExactly(icon.AsSpan(IcoHeader.TableAt, IcoHeader.EntrySize));
        BinaryPrimitives.WriteInt32LittleEndian(icon.AsSpan(IcoHeader.TableAt + 8), (int)picture.Length);
        BinaryPrimitives.WriteInt32LittleEndian(icon.AsSpan(IcoHeader.TableAt + 12), IcoHeader.TableAt + IcoHeader.EntrySize);
        file.Position = picture.At;
        file.ReadExactly(icon.AsSpan(IcoHeader.TableAt + IcoHeader.EntrySize));
        return icon;
    }
}
