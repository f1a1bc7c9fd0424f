namespace ImageAspire.Imaging.Headers;

/// <summary>The first directory of a TIFF 6.0 or BigTIFF, and how many follow.</summary>
internal static class TiffHeader
{
    private const int MaxTags = 4096;
    private const int MaxPages = 10_000;

    // A TIFF is an EXIF block with images; a longer one would have to be copied to be read as EXIF.
    private const int MaxExif = 1 << 20;

    public static RawHeader Read(Bytes file)
    {
        var big = file.U8(0) == (byte)'M';
        var wide = file.U16(2, big) == 43; // BigTIFF: 64-bit offsets
        var directory = wide ? file.U64(8, big) : file.U32(4, big);
        long width = 0, height = 0;
        int? orientation = null;
        var (count, entries, size) = Count(file, directory, wide, big);
        for (var i = 0; i < Math.Min(count, MaxTags); i++)
        {
            var at = entries + i * size;
            long value = file.U16(at + 2, big) == 3 ? (long)file.U16(at + (wide ? 12 : 8), big) : file.U32(at + (wide ? 12 : 8), big);
            switch (file.U16(at, big))
            {
                case 256: width = value; break;
                case 257: height = value; break;
                case 274 when value is >= 1 and <= 8: orientation = (int)value; break;
            }
        }

        var pages = Pages(file, directory, wide, big);
        return new RawHeader(width, height, pages > 1 ? pages : null, file.Copy(0, Math.Min(file.Length, MaxExif)), orientation);
    }

    private static int Pages(Bytes file, long directory, bool wide, bool big)
    {
        var seen = new HashSet<long>();
        try
        {
            while (directory != 0 && seen.Count < MaxPages && seen.Add(directory))
            {
                var (count, entries, size) = Count(file, directory, wide, big);
                var next = entries + count * size;
                directory = wide ? file.U64(next, big) : file.U32(next, big);
            }
        }
        catch (EndOfStreamException)
        {
            // The first page may still be complete.
        }

        return seen.Count;
    }

    private static (long Count, long Entries, int EntrySize) Count(Bytes file, long directory, bool wide, bool big)
    {
        var count = wide ? file.U64(directory, big) : file.U16(directory, big);
        if (count is < 0 or > ushort.MaxValue)
            throw HeaderReader.Broken();
        return (count, directory + (wide ? 8 : 2), wide ? 20 : 12);
    }
}
