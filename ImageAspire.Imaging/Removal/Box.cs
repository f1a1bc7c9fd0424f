using System.Text;
using ImageAspire.Imaging.Headers;

namespace ImageAspire.Imaging.Removal;

/// <summary>A box of the ISO base media file format (ISO/IEC 14496-12, 4.2).</summary>
/// <param name="At">Where it begins.</param>
/// <param name="Type">Four letters.</param>
/// <param name="Head">Length of size and type.</param>
/// <param name="Size">Length of the whole box.</param>
internal readonly record struct Box(long At, string Type, int Head, long Size)
{
    private const int MaxBoxes = 10_000;

    public long Content => At + Head;

    public long End => At + Size;

    /// <summary>The boxes of a part of a file, which they fill.</summary>
    /// <exception cref="EndOfStreamException">One reaches past the end.</exception>
    public static List<Box> In(Bytes file, long at, long end)
    {
        var boxes = new List<Box>();
        while (at < end && boxes.Count < MaxBoxes)
        {
            long size = file.U32(at, big: true);
            var head = 8;
            if (size == 1)
                (size, head) = (file.U64(at + 8, big: true), 16);
            else if (size == 0)
                size = end - at;
            if (size < head || size > end - at)
                throw new EndOfStreamException();
            boxes.Add(new Box(at, Letters(file, at + 4), head, size));
            at += size;
        }

        return boxes;
    }

    /// <summary>The boxes at the top of a file, up to the first bytes that are none.</summary>
    public static List<Box> AtTop(Bytes file, Func<string, bool> isKnown)
    {
        var boxes = new List<Box>();
        for (var at = 0L; at + 8 <= file.Length && boxes.Count < MaxBoxes;)
        {
            long size = file.U32(at, big: true);
            var type = Letters(file, at + 4);
            var head = size == 1 ? 16 : 8;
            size = size == 0 ? file.Length - at : size == 1 && at + 16 <= file.Length ? file.U64(at + 8, big: true) : size;
            if (size < head || size > file.Length - at)
            {
                if (isKnown(type))
                    throw new EndOfStreamException(); // cut off
                break;
            }

            boxes.Add(new Box(at, type, head, size));
            at += size;
        }

        return boxes;
    }

    /// <summary>A name of four letters.</summary>
    public static string Letters(Bytes file, long at) => Encoding.Latin1.GetString(file.Copy(at, 4) ?? throw new EndOfStreamException());
}
