namespace ImageAspire.Imaging.Headers;

/// <summary>The structure of a TIFF 6.0 or BigTIFF. The work is bounded, whatever a file says: entries of a directory, values of an entry, lengths of blocks.</summary>
internal sealed class TiffFile
{
    private const int MaxEntries = 4096;
    private const int BigTiff = 43;

    private readonly Bytes _bytes;
    private readonly bool _wide; // BigTIFF: 64-bit offsets

    /// <exception cref="EndOfStreamException">It ends within its header.</exception>
    public TiffFile(Bytes bytes)
    {
        _bytes = bytes;
        IsBigEndian = bytes.U8(0) == (byte)'M';
        _wide = bytes.U16(2, IsBigEndian) == BigTiff;
        First = Offset(OffsetSize);
    }

    /// <summary>The order of the bytes of numbers.</summary>
    public bool IsBigEndian { get; }

    /// <summary>Where the first directory is.</summary>
    public long First { get; }

    /// <summary>The file itself.</summary>
    public Bytes Bytes => _bytes;

    /// <summary>Bytes of an offset, and of the field of a value that lies in its entry.</summary>
    public int OffsetSize => _wide ? 8 : 4;

    /// <summary>Bytes of an entry: tag, type, count, and an offset or the value itself.</summary>
    public int EntrySize => 4 + 2 * OffsetSize;

    /// <summary>Bytes before everything that has an offset.</summary>
    public int HeaderSize => 2 * OffsetSize;

    /// <summary>Reads the directory at an offset.</summary>
    /// <exception cref="EndOfStreamException">It is not in the file.</exception>
    public TiffDirectory Read(long at)
    {
        var (count, entries) = Count(at);
        var table = _bytes.Copy(entries, Math.Min(count, MaxEntries) * EntrySize) ?? (count == 0 ? [] : throw new EndOfStreamException());
        var found = new Dictionary<int, TiffEntry>();
        var head = new Bytes(new MemoryStream(table));
        for (var i = 0L; i < table.Length; i += EntrySize)
        {
            var (tag, type) = (head.U16(i, IsBigEndian), head.U16(i + 2, IsBigEndian));
            var length = TiffEntry.SizeOf(type) * Math.Clamp(Offset(head, i + 4), 0, int.MaxValue);
            var fieldAt = i + 4 + OffsetSize;
            found.TryAdd(tag, new TiffEntry(type, length / Math.Max(TiffEntry.SizeOf(type), 1), length <= OffsetSize ? entries + fieldAt : Offset(head, fieldAt), entries + fieldAt));
        }

        return new TiffDirectory(this, found) { At = at, TableAt = entries, Count = count };
    }

    /// <summary>Where the next directory is, 0 for none.</summary>
    /// <exception cref="EndOfStreamException">This one is not all in the file.</exception>
    public long Next(long at)
    {
        var (count, entries) = Count(at);
        return Offset(entries + count * EntrySize);
    }

    private long Offset(long at) => Offset(_bytes, at);

    private long Offset(Bytes bytes, long at) => _wide ? bytes.U64(at, IsBigEndian) : bytes.U32(at, IsBigEndian);

    private (long Count, long Entries) Count(long directory)
    {
        var count = _wide ? _bytes.U64(directory, IsBigEndian) : _bytes.U16(directory, IsBigEndian);
        if (count is < 0 or > ushort.MaxValue)
            throw HeaderReader.Broken();
        return (count, directory + (_wide ? 8 : 2));
    }
}
