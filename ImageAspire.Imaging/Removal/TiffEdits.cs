using ImageAspire.Imaging.Headers;

namespace ImageAspire.Imaging.Removal;

/// <summary>
/// TIFF 6.0 and BigTIFF: everything has a position, so nothing moves. The directories stay; values that only describe become zeros, and so does
/// every byte that belongs to no page.
/// </summary>
internal static class TiffEdits
{
    private const int SubDirectories = 330, StripOffsets = 273, StripBytes = 279, TileOffsets = 324, TileBytes = 325;
    private const int EmptyDirectory = 16;
    private const int MaxPages = 1_000, MaxEntries = 4_096, MaxParts = 500_000;

    // Baseline tags of pixels and colours, of the supplements what decoders use, and the ICC profile (34675).
    private static readonly HashSet<int> Kept =
    [
        254, 255, 256, 257, 258, 259, 262, 263, 264, 265, 266, 273, 274, 277, 278, 279, 280, 281, 282, 283, 284, 290, 291, 292, 293, 296, 297, 301,
        317, 318, 319, 320, 321, 322, 323, 324, 325, 332, 334, 336, 338, 339, 340, 341, 342, 343, 347, 512, 513, 514, 515, 517, 518, 519, 520, 521,
        529, 530, 531, 532, 32995, 32996, 32997, 32998, 33421, 34675, 37439, 42113,
    ];

    // EXIF, GPS, interoperability.
    private static readonly HashSet<int> Directories = [34665, 34853, 40965];

    private static readonly int[] ValueBytes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];

    public static void Add(Bytes file, EditList edits)
    {
        var big = file.U8(0) == (byte)'M';
        var wide = file.U16(2, big) == 43;
        List<(long At, long Length)> kept = [(0, wide ? 16 : 8)];
        var seen = new HashSet<long>();
        var left = MaxParts;
        var furthest = 0L; // end of the values that become zeros
        for (var directory = wide ? file.U64(8, big) : file.U32(4, big); directory != 0;)
        {
            if (!seen.Add(directory) || seen.Count > MaxPages)
                throw HeaderReader.Broken();
            directory = AddDirectory(directory);
        }

        if (kept.Exists(one => one.At < 0 || one.Length < 0 || one.Length > file.Length - one.At))
            throw new EndOfStreamException(); // cut off
        var end = Math.Min(file.Length, Math.Max(furthest, kept.Max(one => one.At + one.Length)));
        edits.BlankAllBut(kept, 0, end);
        edits.Drop(end, file.Length - end);

        long AddDirectory(long at)
        {
            var count = wide ? file.U64(at, big) : file.U16(at, big);
            if (count is < 0 or > MaxEntries)
                throw HeaderReader.Broken();
            var (entries, entryBytes, inline) = wide ? (at + 8, 20, 8) : (at + 2, 12, 4);
            kept.Add((at, entries - at));
            kept.Add((entries + count * entryBytes, inline));
            var pixels = new Dictionary<int, List<long>>();
            for (var entry = entries; entry < entries + count * entryBytes; entry += entryBytes)
            {
                var (tag, type) = (file.U16(entry, big), file.U16(entry + 2, big));
                var values = wide ? file.U64(entry + 4, big) : file.U32(entry + 4, big);
                var field = entry + entryBytes - inline;
                if (tag == SubDirectories || values < 0 || type >= ValueBytes.Length || values > file.Length)
                    throw HeaderReader.Broken();
                var bytes = values * ValueBytes[type];
                var isInline = bytes <= inline;
                var isKept = Kept.Contains(tag);
                var value = isInline ? field : wide ? file.U64(field, big) : file.U32(field, big);
                // The position of what becomes zeros stays: a value is as long as before, and a directory has no entries.
                kept.Add((entry, isInline && !isKept && !Directories.Contains(tag) ? entryBytes - inline : entryBytes));
                if (!isKept)
                {
                    furthest = Math.Max(furthest, Directories.Contains(tag) ? (wide ? file.U64(field, big) : file.U32(field, big)) + EmptyDirectory : value + bytes);
                    continue;
                }

                if (!isInline)
                    kept.Add((value, bytes));
                if (tag is StripOffsets or StripBytes or TileOffsets or TileBytes or 513 or 514)
                    pixels[tag] = Numbers(value, type, values);
            }

            AddPixels(pixels, StripOffsets, StripBytes);
            AddPixels(pixels, TileOffsets, TileBytes);
            AddPixels(pixels, 513, 514); // a JPEG of the old kind
            if (pixels.Count == 0)
                throw HeaderReader.Broken();
            var next = entries + count * entryBytes;
            return wide ? file.U64(next, big) : file.U32(next, big);
        }

        void AddPixels(Dictionary<int, List<long>> pixels, int offsets, int lengths)
        {
            if (!pixels.TryGetValue(offsets, out var at))
                return;
            if (!pixels.TryGetValue(lengths, out var length) || at.Count != length.Count)
                throw HeaderReader.Broken();
            kept.AddRange(at.Zip(length));
        }

        List<long> Numbers(long at, int type, long count)
        {
            if (count > left)
                throw HeaderReader.Broken();
            left -= (int)count;
            var numbers = new List<long>((int)count);
            for (var i = 0; i < count; i++)
            {
                var one = at + i * ValueBytes[type];
                numbers.Add(type switch { 3 => file.U16(one, big), 4 or 13 => file.U32(one, big), 16 => file.U64(one, big), _ => throw HeaderReader.Broken() });
            }

            return numbers;
        }
    }
}
