namespace ImageAspire.Imaging.Headers;

/// <summary>Canvas and frames of a GIF (CompuServe, 1989).</summary>
internal static class GifHeader
{
    // Enough for hours of animation; further frames are not counted.
    private const int MaxFrames = 100_000, MaxBlocks = 1_000_000;
    private const byte Image = 0x2C, Extension = 0x21;

    // XMP lies between sub-blocks as it is; behind it are bytes that lead a decoder out of it wherever it is (XMP specification, part 3).
    private const int XmpTrailer = 258;

    private static ReadOnlySpan<byte> XmpMark => "\u000BXMP DataXMP"u8;

    public static RawHeader Read(Bytes file)
    {
        long width = file.U16(6, big: false), height = file.U16(8, big: false);
        var frames = 0;
        byte[]? xmp = null;
        try
        {
            foreach (var (kind, at) in Blocks(file).TakeWhile(_ => frames < MaxFrames))
            {
                if (kind == Image)
                {
                    // Decoders grow the canvas to hold a frame that does not fit.
                    width = Math.Max(width, file.U16(at, big: false) + (long)file.U16(at + 4, big: false));
                    height = Math.Max(height, file.U16(at + 2, big: false) + (long)file.U16(at + 6, big: false));
                    frames++;
                }
                else if (file.Has(at + 1, XmpMark))
                {
                    var content = at + 1 + XmpMark.Length;
                    xmp ??= file.Copy(content, SkipBlocks(file, at + 1) - content - XmpTrailer);
                }
            }
        }
        catch (EndOfStreamException)
        {
            // The decoder decides whether the rest is usable; the size of the canvas is known.
        }

        return new RawHeader(width, height, frames > 1 ? frames : null, Xmp: xmp);
    }

    /// <summary>Whether the file ends within an image or an extension, or has no image. Some programs leave the mark out that ends a file.</summary>
    public static bool EndsEarly(Bytes file)
    {
        try
        {
            return !Blocks(file).ToList().Exists(block => block.Kind == Image);
        }
        catch (EndOfStreamException)
        {
            return true;
        }
    }

    // Where each begins behind the byte that says what it is; up to the first byte that begins none.
    private static IEnumerable<(byte Kind, long At)> Blocks(Bytes file)
    {
        var at = 13L + Table(file.U8(10));
        for (var i = 0; i < MaxBlocks && at < file.Length; i++)
        {
            var kind = file.U8(at++);
            if (kind is not (Image or Extension))
                yield break;
            yield return (kind, at);
            at = SkipBlocks(file, kind == Image ? at + 10 + Table(file.U8(at + 8)) : at + 1);
        }
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
