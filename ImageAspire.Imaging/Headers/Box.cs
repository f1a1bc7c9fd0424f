namespace ImageAspire.Imaging.Headers;

/// <summary>A box of the ISO base media file format (ISO/IEC 14496-12, 4.2), of which HEIF, JPEG 2000 and JPEG XL are made.</summary>
/// <param name="At">Where it begins.</param>
/// <param name="Type">Four letters.</param>
/// <param name="Head">Length of size and type.</param>
/// <param name="Size">Length of the whole box, as far as it is there.</param>
/// <param name="IsCut">It reaches past the end.</param>
internal readonly record struct Box(long At, string Type, int Head, long Size, bool IsCut)
{
    private const int MaxBoxes = 10_000;
    private const int ShortHead = 8, LongHead = 16;

    public long Content => At + Head;

    public long End => At + Size;

    /// <summary>The boxes of a part of a file, one after the other, up to the first bytes that are none.</summary>
    public static IEnumerable<Box> In(Bytes file, long at, long end)
    {
        for (var left = MaxBoxes; left > 0 && end - at >= ShortHead; left--)
        {
            var (size, head) = SizeOf(file, at, end - at);
            if (size < head)
                yield break;
            var box = new Box(at, file.Letters(at + 4), head, Math.Min(size, end - at), IsCut: size > end - at);
            yield return box;
            at = box.End;
        }
    }

    /// <summary>The boxes of a file.</summary>
    public static IEnumerable<Box> In(Bytes file) => In(file, 0, file.Length);

    /// <summary>The boxes of a part of a file, which they fill.</summary>
    /// <exception cref="EndOfStreamException">One reaches past the end, or there are other bytes.</exception>
    public static List<Box> Filling(Bytes file, long at, long end)
    {
        var boxes = In(file, at, end).ToList();
        return boxes.Exists(box => box.IsCut) || (boxes is [.., var last] ? last.End : at) != end ? throw new EndOfStreamException() : boxes;
    }

    /// <summary>Whether a file ends within the data of its image. Other bytes may follow them.</summary>
    public static bool EndEarly(Bytes file) => In(file).Any(box => box is { IsCut: true, Type: "mdat" or "meta" or "jp2c" or "jxlc" or "jxlp" });

    // Size 1: a field of 64 bits follows the type. Size 0: to the end.
    private static (long Size, int Head) SizeOf(Bytes file, long at, long there) => file.U32(at, big: true) switch
    {
        0 => (there, ShortHead),
        1 when there < LongHead => (long.MaxValue, LongHead),
        1 => (file.U64(at + ShortHead, big: true), LongHead),
        var size => (size, ShortHead),
    };
}
