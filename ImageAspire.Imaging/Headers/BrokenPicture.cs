using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;

namespace ImageAspire.Imaging.Headers;

/// <summary>Says why a file could not be decoded, from the file's own structure rather than from a decoder's wording.</summary>
internal static class BrokenPicture
{
    /// <summary>The exception to throw.</summary>
    public static UnusableImageException Describe(Stream picture, ImageFormat format, Exception cause) => EndsEarly(picture, format)
        ? Truncated(cause)
        : new UnusableImageException(FailureCodes.Corrupt,
            $"The file is broken and cannot be decoded as {format.Name.ToUpperInvariant()}. Save it again from the program that made it, or upload another copy.", cause);

    /// <summary>The file ends before its picture does.</summary>
    public static UnusableImageException Truncated(Exception? cause = null) =>
        new(FailureCodes.Truncated, "The file ends before its picture does; it was probably cut off on its way. Upload a complete copy.", cause);

    private static ReadOnlySpan<byte> JpegEnd => [0xFF, 0xD9];

    // The terminator of the last block, then the trailer.
    private static ReadOnlySpan<byte> GifEnd => [0x00, 0x3B];

    private static bool EndsEarly(Stream picture, ImageFormat format)
    {
        var tail = Tail(picture, 64 * 1024);
        return format.Name switch
        {
            // The mark that every complete file ends with; some programs append bytes of their own behind it.
            "jpeg" => EndOfScan(picture, tail) < 0,
            "png" => tail.AsSpan().IndexOf("IEND"u8) < 0,
            "gif" => tail.AsSpan().IndexOf(GifEnd) < 0,
            "webp" => Field(picture, 4) + 8L > picture.Length,
            "bmp" => Field(picture, 2) > picture.Length,
            _ => false,
        };
    }

    // A preview inside the EXIF block has an end mark of its own; only one behind the start of the scan counts.
    private static int EndOfScan(Stream picture, byte[] tail)
    {
        var scan = JpegHeader.ScanOffset(new Bytes(picture)) - (picture.Length - tail.Length);
        return tail.AsSpan((int)Math.Clamp(scan, 0, tail.Length)).IndexOf(JpegEnd);
    }

    private static byte[] Tail(Stream picture, int most)
    {
        var bytes = new byte[(int)Math.Min(most, picture.Length)];
        picture.Position = picture.Length - bytes.Length;
        picture.ReadExactly(bytes);
        return bytes;
    }

    private static uint Field(Stream picture, int at)
    {
        Span<byte> field = stackalloc byte[4];
        picture.Position = Math.Min(at, picture.Length);
        return picture.ReadAtLeast(field, 4, throwOnEndOfStream: false) < 4 ? uint.MaxValue : BitConverter.ToUInt32(field);
    }
}
