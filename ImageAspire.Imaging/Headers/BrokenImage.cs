using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageMagick;

namespace ImageAspire.Imaging.Headers;

/// <summary>Finds out from a file's structure why it could not be decoded; a decoder's error text is not reliable.</summary>
internal static class BrokenImage
{
    public static UnusableImageException Describe(Stream image, ImageFormat format, Exception cause) => EndsEarly(image, format)
        ? Truncated(cause)
        : IsVariant(cause) ? new UnusableImageException(FailureCodes.UnsupportedVariant,
            $"The file is a variant of {format.Label} that cannot be decoded here. Save it as JPEG or PNG, and upload that.", cause)
        : Corrupt(format, cause);

    /// <summary>The file is not what its format asks for.</summary>
    public static UnusableImageException Corrupt(ImageFormat format, Exception? cause = null) => new(FailureCodes.Corrupt,
        $"The file is corrupt and cannot be decoded as {format.Label}. Save it again from the program that made it, or upload another copy.", cause);

    /// <summary>AVIF and HEIC.</summary>
    public static bool IsHeif(ImageFormat format) => format == ImageFormat.Avif || format == ImageFormat.Heic;

    /// <summary>The file ends before its image data does.</summary>
    public static UnusableImageException Truncated(Exception? cause = null) =>
        new(FailureCodes.Truncated, "The file ends before its image data does; the transfer was probably interrupted. Upload a complete copy.", cause);

    private static ReadOnlySpan<byte> JpegEnd => [0xFF, 0xD9];

    // ImageMagick has a type of error for what is valid and unknown to it.
    private static bool IsVariant(Exception cause) => cause is MagickCoderErrorException or MagickMissingDelegateErrorException;

    /// <summary>Whether the file ends before its structure does.</summary>
    public static bool EndsEarly(Stream image, ImageFormat format)
    {
        var tail = Tail(image, 64 * 1024);
        return format.Name switch
        {
            // The marker at the end of every complete file; some programs append bytes of their own after it.
            "jpeg" => EndOfScan(image, tail) < 0,
            "png" => tail.AsSpan().IndexOf("IEND"u8) < 0,
            "gif" => GifHeader.EndsEarly(new Bytes(image)),
            "webp" => Field(image, 4) + 8L > image.Length,
            "bmp" => Field(image, 2) > image.Length,
            "jp2" => Box.EndEarly(new Bytes(image)) || tail.AsSpan().IndexOf(JpegEnd) < 0, // the mark EOC of a codestream is that of a JPEG
            "pnm" => PnmHeader.EndsEarly(new Bytes(image)),
            "qoi" => tail.AsSpan().IndexOf(QoiHeader.End) < 0,
            _ when IsHeif(format) || format == ImageFormat.Jxl => Box.EndEarly(new Bytes(image)),
            _ => false,
        };
    }

    // A preview inside the EXIF block has an end marker of its own; only one after the start of the scan counts.
    private static int EndOfScan(Stream image, byte[] tail)
    {
        var scan = JpegHeader.ScanOffset(new Bytes(image)) - (image.Length - tail.Length);
        return tail.AsSpan((int)Math.Clamp(scan, 0, tail.Length)).IndexOf(JpegEnd);
    }

    private static byte[] Tail(Stream image, int maxBytes)
    {
        var bytes = new byte[(int)Math.Min(maxBytes, image.Length)];
        image.Position = image.Length - bytes.Length;
        image.ReadExactly(bytes);
        return bytes;
    }

    private static uint Field(Stream image, int at)
    {
        Span<byte> field = stackalloc byte[4];
        image.Position = Math.Min(at, image.Length);
        return image.ReadAtLeast(field, 4, throwOnEndOfStream: false) < 4 ? uint.MaxValue : BitConverter.ToUInt32(field);
    }
}
