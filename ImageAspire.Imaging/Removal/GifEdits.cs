using ImageAspire.Imaging.Headers;

namespace ImageAspire.Imaging.Removal;

/// <summary>Blocks of a GIF (CompuServe, 1989): comments and plain texts go, and the extensions of applications but loops and colour profiles.</summary>
internal static class GifEdits
{
    private const int MaxBlocks = 1_000_000;

    public static void Add(Bytes file, EditList edits)
    {
        var at = 13L + Table(file.U8(10));
        var left = MaxBlocks;
        while (at < file.Length && left-- > 0)
        {
            var kind = file.U8(at);
            if (kind == 0x3B)
            {
                edits.Drop(at + 1, file.Length - at - 1);
                return;
            }

            var end = kind switch
            {
                0x2C => SkipBlocks(at + 11 + Table(file.U8(at + 9))),
                0x21 => SkipBlocks(at + 2),
                _ => throw HeaderReader.Broken(),
            };
            if (kind == 0x21 && !IsKept(file, at + 1))
                edits.Drop(at, end - at);
            at = end;
        }

        if (left <= 0)
            throw HeaderReader.Broken();

        long SkipBlocks(long from)
        {
            int length;
            while ((length = file.U8(from)) != 0 && left-- > 0)
                from += 1 + length;
            return from + 1;
        }
    }

    private static int Table(byte flags) => (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);

    // Graphic control; of applications loops, which are short, and colour profiles.
    private static bool IsKept(Bytes file, long label) => file.U8(label) switch
    {
        0xF9 => true,
        0xFF => (file.Has(label + 2, "NETSCAPE2.0"u8) || file.Has(label + 2, "ANIMEXTS1.0"u8)) && file.U8(label + 13) == 3 && file.U8(label + 17) == 0
            || file.Has(label + 2, "ICCRGBG1012"u8),
        _ => false,
    };
}
