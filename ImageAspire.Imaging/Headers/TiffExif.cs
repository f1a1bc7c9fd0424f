using System.Buffers.Binary;
using ImageAspire.Core.Ports;

namespace ImageAspire.Imaging.Headers;

/// <summary>
/// What a TIFF says about its image, as an EXIF block of its own: the directories of image, exposure and place may lie anywhere in a large file.
/// Left out is what describes stored pixels, what other blocks have, and what only the camera's maker understands.
/// </summary>
internal static class TiffExif
{
    private const int Exposure = 0x8769, Place = 0x8825, Header = 8, EntrySize = 12, Inside = 4;
    private const int MaxValue = 1 << 16, MaxBlock = 1 << 20;

    private static readonly int[] LeftOut =
    [
        273, 279, 288, 289, 320, 324, 325, 330, 347, 513, 514, // strips, tiles, tables, other directories
        700, 33723, 34377, 34675, 37500, 40965, 50740, // XMP, IPTC, Photoshop, profile, maker's notes, interoperability, DNG's private data
    ];

    /// <summary>An EXIF block, or null when there is too much of it.</summary>
    public static byte[]? Copy(TiffFile file, TiffDirectory first)
    {
        using var block = new MemoryStream();
        Span<byte> header = stackalloc byte[Header];
        (file.IsBigEndian ? "MM"u8 : "II"u8).CopyTo(header);
        U16(header[2..], 42, file.IsBigEndian);
        block.Write(header);
        var exposure = Write(block, file, Sub(file, first, Exposure), []);
        var place = Write(block, file, Sub(file, first, Place), []);
        var main = Write(block, file, first, [(Exposure, exposure), (Place, place)]);
        U32(header[4..], main, file.IsBigEndian);
        block.Position = 0;
        block.Write(header);
        return block.Length <= MaxBlock ? block.ToArray() : null;
    }

    private static TiffDirectory? Sub(TiffFile file, TiffDirectory first, int tag)
    {
        try
        {
            return first.Number(tag) is > 0 and var at ? file.Read(at) : null;
        }
        catch (Exception error) when (error is EndOfStreamException or UnusableImageException)
        {
            return null;
        }
    }

    // Where the directory begins in the block; 0 for none. Values lie before it.
    private static int Write(MemoryStream block, TiffFile file, TiffDirectory? directory, (int Tag, int At)[] pointers)
    {
        if (directory is null)
            return 0;
        var entries = new SortedDictionary<int, byte[]>();
        foreach (var (tag, entry) in directory.Entries)
        {
            if (LeftOut.Contains(tag) || tag is Exposure or Place || entry.Length is 0 or > MaxValue || entry.Type > 12 || file.Bytes.Copy(entry.At, entry.Length) is not { } value)
                continue;
            if (block.Length > MaxBlock)
                return 0; // too much of it
            entries[tag] = Entry(file, tag, entry.Type, (int)entry.Count, value.Length <= Inside ? value : Number((int)block.Length, file.IsBigEndian));
            if (value.Length > Inside)
                block.Write(value);
        }

        foreach (var (tag, at) in pointers)
        {
            if (at > 0)
                entries[tag] = Entry(file, tag, 4, 1, Number(at, file.IsBigEndian));
        }

        var start = (int)block.Length;
        var count = new byte[2];
        U16(count, entries.Count, file.IsBigEndian);
        block.Write(count);
        foreach (var entry in entries.Values)
            block.Write(entry);
        block.Write(new byte[Inside]); // no next directory
        return start;
    }

    private static byte[] Entry(TiffFile file, int tag, int type, int count, byte[] value)
    {
        var entry = new byte[EntrySize];
        U16(entry, tag, file.IsBigEndian);
        U16(entry.AsSpan(2), type, file.IsBigEndian);
        U32(entry.AsSpan(4), count, file.IsBigEndian);
        value.CopyTo(entry, 8);
        return entry;
    }

    private static byte[] Number(int value, bool big)
    {
        var bytes = new byte[Inside];
        U32(bytes, value, big);
        return bytes;
    }

    private static void U16(Span<byte> at, int value, bool big)
    {
        if (big)
            BinaryPrimitives.WriteUInt16BigEndian(at, (ushort)value);
        else
            BinaryPrimitives.WriteUInt16LittleEndian(at, (ushort)value);
    }

    private static void U32(Span<byte> at, int value, bool big)
    {
        if (big)
            BinaryPrimitives.WriteInt32BigEndian(at, value);
        else
            BinaryPrimitives.WriteInt32LittleEndian(at, value);
    }
}
