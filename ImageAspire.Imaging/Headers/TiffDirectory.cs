namespace ImageAspire.Imaging.Headers;

/// <summary>One value of a directory.</summary>
/// <param name="Type">As TIFF 6.0 and BigTIFF number the types.</param>
/// <param name="Count">How many values.</param>
/// <param name="At">Where in the file they are.</param>
/// <param name="FieldAt">Where the entry has them, or their offset.</param>
internal readonly record struct TiffEntry(int Type, long Count, long At, long FieldAt)
{
    public const int Short = 3, Rational = 5;

    /// <summary>Bytes of all values.</summary>
    public long Length => Count * SizeOf(Type);

    /// <summary>Bytes of a value; 0 for an unknown type.</summary>
    public static int SizeOf(int type) => type switch
    {
        1 or 2 or 6 or 7 => 1,
        Short or 8 => 2,
        4 or 9 or 11 or 13 => 4,
        Rational or 10 or 12 or 16 or 17 or 18 => 8,
        _ => 0,
    };
}

/// <summary>A directory of a TIFF: values by their tags.</summary>
internal sealed class TiffDirectory(TiffFile file, IReadOnlyDictionary<int, TiffEntry> entries)
{
    /// <summary>Where it begins.</summary>
    public long At { get; init; }

    /// <summary>Where its entries begin.</summary>
    public long TableAt { get; init; }

    /// <summary>How many entries it says that it has; some may have the same tag.</summary>
    public long Count { get; init; }

    /// <summary>All values, by tag.</summary>
    public IReadOnlyDictionary<int, TiffEntry> Entries => entries;

    /// <summary>The only value, or the first one; null when it is not there.</summary>
    public long? Number(int tag) => Numbers(tag, 1) is [var only] ? only : null;

    /// <summary>Values that are numbers, at most so many; none when they are not all in the file.</summary>
    public IReadOnlyList<long> Numbers(int tag, int most)
    {
        if (!entries.TryGetValue(tag, out var entry) || entry.Type is 2 or 7 or 11 or 12)
            return [];
        var size = TiffEntry.SizeOf(entry.Type);
        if (file.Bytes.Copy(entry.At, Math.Min(entry.Count, most) * size) is not { } block)
            return [];
        var bytes = new Bytes(new MemoryStream(block));
        var numbers = new List<long>(block.Length / size);
        for (var at = 0; at < block.Length; at += size)
        {
            numbers.Add(entry.Type switch
            {
                TiffEntry.Rational when bytes.U32(at + 4, file.IsBigEndian) is > 0 and var under => bytes.U32(at, file.IsBigEndian) / under,
                TiffEntry.Rational => 0,
                _ => size switch { 1 => bytes.U8(at), 2 => bytes.U16(at, file.IsBigEndian), 4 => bytes.U32(at, file.IsBigEndian), _ => bytes.U64(at, file.IsBigEndian) },
            });
        }

        return numbers;
    }

    /// <summary>The bytes of a value; null when it is not there, not all in the file, or longer than 1 MiB.</summary>
    public byte[]? Block(int tag) => entries.TryGetValue(tag, out var entry) ? file.Bytes.Copy(entry.At, entry.Length) : null;
}
