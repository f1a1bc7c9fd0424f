namespace ImageAspire.Imaging.Headers;

/// <summary>The boxes at the top of a file of the ISO base media file format (ISO/IEC 14496-12, 4.2): HEIF, JPEG 2000, JPEG XL.</summary>
internal static class Boxes
{
    private const int MaxBoxes = 10_000;

    /// <summary>Where the content of the first box of a type begins; null when there is none.</summary>
    public static long? Find(Bytes file, ReadOnlySpan<byte> type)
    {
        var left = MaxBoxes;
        for (long at = 0; at + 8 <= file.Length && left-- > 0;)
        {
            var (size, head) = Size(file, at);
            if (size < head)
                return null;
            if (file.Has(at + 4, type))
                return at + head;
            at += size;
        }

        return null;
    }

    /// <summary>The content of the first box <c>uuid</c> of a kind; null when there is none, or a longer one than 1 MiB.</summary>
    public static byte[]? Extension(Bytes file, ReadOnlySpan<byte> kind)
    {
        var left = MaxBoxes;
        for (long at = 0; at + 8 <= file.Length && left-- > 0;)
        {
            var (size, head) = Size(file, at);
            if (size < head)
                return null;
            if (file.Has(at + 4, "uuid"u8) && file.Has(at + head, kind))
                return file.Copy(at + head + kind.Length, size - head - kind.Length);
            at += size;
        }

        return null;
    }

    /// <summary>Whether the box with the image's data reaches past the end of the file: it was cut off. Bytes that are no box may follow it.</summary>
    public static bool EndEarly(Bytes file)
    {
        var left = MaxBoxes;
        for (long at = 0; at < file.Length && left-- > 0;)
        {
            if (at + 8 > file.Length)
                return false;
            var (size, head) = Size(file, at);
            if (size < head)
                return false; // no box at all
            if (size > file.Length - at)
                return file.Has(at + 4, "mdat"u8) || file.Has(at + 4, "meta"u8) || file.Has(at + 4, "jp2c"u8) || file.Has(at + 4, "jxlc"u8) || file.Has(at + 4, "jxlp"u8);
            at += size;
        }

        return false;
    }

    /// <summary>Length of the box at an offset, and of what comes before its content.</summary>
    // Size 1: a field of 64 bits follows the type. Size 0: to the end of the file.
    public static (long Size, int Head) Size(Bytes file, long at) => file.U32(at, big: true) switch
    {
        0 => (file.Length - at, 8),
        1 when at + 16 > file.Length => (long.MaxValue, 16),
        1 => (file.U64(at + 8, big: true), 16),
        var size => (size, 8),
    };
}
