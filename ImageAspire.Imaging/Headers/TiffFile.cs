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
        First = _wide ? bytes.U64(8, IsBigEndian) : bytes.U32(4, IsBigEndian);
    }

    /// <summary>The order of the bytes of numbers.</summary>
    public bool IsBigEndian { get; }

    /// <summary>Where the first directory is.</summary>
    public long First { get; }

    /// <summary>The file itself.</summary>
    public Bytes Bytes => _bytes;

    /// <summary>Reads the directory at an offset.</summary>
    /// <exception cref="EndOfStreamException">It is not in the file.</exception>
    public TiffDirectory Read(long at)
    {
        var (count, entries, size) = Count(at);
        var table = _bytes.Copy(entries, Math.Min(count, MaxEntries) * size) ?? (count == 0 ? [] : throw new EndOfStreamException());
        var found = new Dictionary<int, TiffEntry>();
        var head = new Bytes(new MemoryStream(table));
        for (var i = 0L; i < table.Length; i += size)
        {
            var (tag, type) = (head.U16(i, IsBigEndian), head.U16(i + 2, IsBigEndian));
            var values = _wide ? head.U64(i + 4, IsBigEndian) : head.U32(i + 4, IsBigEndian);
            var length = TiffEntry.SizeOf(type) * Math.Clamp(values, 0, int.MaxValue);
            var valueAt = i + (_wide ? 12 : 8);
            var inside = _wide ? 8 : 4;
            found.TryAdd(tag, new TiffEntry(type, length / Math.Max(TiffEntry.SizeOf(type), 1),
                length <= inside ? entries + valueAt : _wide ? head.U64(valueAt, IsBigEndian) : head.U32(valueAt, IsBigEndian)));
        }

        return new TiffDirectory(this, found);
    }

    /// <summary>Where the next directory is, 0 for none.</summary>
    /// <exception cref="EndOfStreamException">This one is not all in the file.</exception>
    public long Next(long at)
    {
        var (count, entries, size) = Count(at);
        return _wide ? _bytes.U64(entries + count * size, IsBigEndian) : _bytes.U32(entries + count * size, IsBigEndian);
    }

    private (long Count, long Entries, int EntrySize) Count(long directory)
    {
        var count = _wide ? _bytes.U64(directory, IsBigEndian) : _bytes.U16(directory, IsBigEndian);
        if (count is < 0 or > ushort.MaxValue)
            throw HeaderReader.Broken();
        return (count, directory + (_wide ? 8 : 2), _wide ? 20 : 12);
    }
}
