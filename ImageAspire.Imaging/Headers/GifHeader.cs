namespace ImageAspire.Imaging.Headers;

/// <summary>Canvas and frames of a GIF (CompuServe, 1989).</summary>
internal static class GifHeader
{
    // Enough for hours of animation; further frames are not counted.
    private const int MaxFrames = 100_000;

    // XMP lies between sub-blocks as it is; behind it are bytes that lead a decoder out of it wherever it is (XMP specification, part 3).
    private const int XmpTrailer = 258;

    private static ReadOnlySpan<byte> XmpMark => "\u000BXMP DataXMP"u8;

    public static RawHeader Read(Bytes file)
    {
        long width = file.U16(6, big: false), height = file.U16(8, big: false);
        var at = 13L + Table(file.U8(10));
        var frames = 0;
        byte[]? xmp = null;
        try
        {
            for (; frames < MaxFrames;)
            {
                var kind = file.U8(at++);
                if (kind == 0x2C)
                {
                    // Decoders grow the canvas to hold a frame that does not fit.
                    width = Math.Max(width, file.U16(at, big: false) + (long)file.U16(at + 4, big: false));
                    height = Math.Max(height, file.U16(at + 2, big: false) + (long)file.U16(at + 6, big: false));
                    at = SkipBlocks(file, at + 10 + Table(file.U8(at + 8)));
                    frames++;
                }
                else if (kind == 0x21)
                {
                    var content = at + 1;
                    at = SkipBlocks(file, content);
                    if (file.Has(content, XmpMark))
                        xmp ??= file.Copy(content + XmpMark.Length, at - content - XmpMark.Length - XmpTrailer);
                }
                else
                {
                    break;
                }
            }
        }
        catch (EndOfStreamException)
        {
            // The decoder decides whether the rest is usable; the size of the canvas is known.
        }

        return new RawHeader(width, height, frames > 1 ? frames : null, Xmp: xmp);
    }

    private static int Table(byte flags) => (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);

    private static long SkipBlocks(Bytes file, long at)
    {
        int length;
        while ((length = file.U8(at)) != 0)
            at += 1 + length;
        return at + 1;
    }
}
