using ImageAspire.Imaging.Headers;

namespace ImageAspire.Imaging.Removal;

/// <summary>An item of a HEIF file: a picture, a tile, a block of metadata.</summary>
/// <param name="Type">Four letters.</param>
/// <param name="Flags">Where the byte with its flags is.</param>
/// <param name="Name">Where its name and other texts about it are; nothing when they are empty.</param>
/// <param name="Extents">Its bytes in the file.</param>
internal sealed record HeifItem(string Type, long Flags, (long At, long Length) Name, List<(long At, long Length)> Extents);

/// <summary>The items of a HEIF file by their ids, from the boxes <c>iinf</c> and <c>iloc</c> (ISO/IEC 14496-12, 8.11). What is not understood is refused.</summary>
internal static class HeifItems
{
    private const int MaxItems = 10_000, MaxExtents = 20_000;
    private const int InFile = 0, InItemData = 1;

    public static Dictionary<uint, HeifItem> Read(Bytes file, List<Box> meta)
    {
        var items = Names(file, meta.Find(box => box.Type == "iinf"));
        AddExtents(file, meta.Find(box => box.Type == "iloc"), meta.Find(box => box.Type == "idat"), items);
        return items;
    }

    private static Dictionary<uint, HeifItem> Names(Bytes file, Box list)
    {
        var items = new Dictionary<uint, HeifItem>();
        foreach (var entry in Box.Filling(file, list.Content + (file.U8(list.Content) == 0 ? 6 : 8), list.End))
        {
            var version = file.U8(entry.Content);
            if (entry.Type != "infe" || version is not (2 or 3) || items.Count == MaxItems)
                throw HeaderReader.Broken();
            var id = version == 2 ? (uint)file.U16(entry.Content + 4, big: true) : file.U32(entry.Content + 4, big: true);
            var type = entry.Content + (version == 2 ? 8 : 10);
            if (!items.TryAdd(id, new HeifItem(file.Letters(type), entry.Content + 3, Texts(file, type + 4, entry.End), [])))
                throw HeaderReader.Broken();
        }

        return items;
    }

    // A name, and of some items a media type. Decoders do not need them.
    private static (long At, long Length) Texts(Bytes file, long at, long end)
    {
        while (at < end && file.U8(at) == 0)
            at++;
        return (at, Math.Max(0, end - at));
    }

    private static void AddExtents(Bytes file, Box list, Box data, Dictionary<uint, HeifItem> items)
    {
        var version = file.U8(list.Content);
        if (version > 2)
            throw HeaderReader.Broken();
        int sizes = file.U16(list.Content + 4, big: true);
        var (offsetSize, lengthSize, baseSize, indexSize) = (sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15, version == 0 ? 0 : sizes & 15);
        var at = list.Content + 6;
        var left = MaxExtents;
        for (var count = Take(version < 2 ? 2 : 4); count > 0; count--)
        {
            var id = (uint)Take(version < 2 ? 2 : 4);
            var method = version == 0 ? InFile : (int)Take(2) & 15;
            var reference = Take(2);
            var start = Take(baseSize);
            for (var extents = Take(2); extents > 0; extents--)
            {
                Take(indexSize);
                var (offset, length) = (start + Take(offsetSize), Take(lengthSize));
                var from = method == InItemData ? data.Content + offset : offset;
                if (method > InItemData || method == InItemData && data.Size == 0 || reference != 0 || from < 0 || length <= 0 || length > file.Length - from || left-- == 0)
                    throw HeaderReader.Broken();
                if (items.TryGetValue(id, out var item))
                    item.Extents.Add((from, length));
            }
        }

        long Take(int bytes)
        {
            var value = bytes switch
            {
                0 => 0, 2 => file.U16(at, big: true), 4 => file.U32(at, big: true), 8 => file.U64(at, big: true), _ => throw HeaderReader.Broken(),
            };
            at += bytes;
            return at <= list.End ? value : throw new EndOfStreamException();
        }
    }
}
