using ImageAspire.Imaging.Headers;

namespace ImageAspire.Imaging.Removal;

/// <summary>Which bytes of a TIFF its pictures are made of: directories, their values about pixels and colours, and the pixels.</summary>
internal sealed class TiffParts
{
    private const int SubDirectories = 330;
    private const int Kind = 254, Thumbnail = 1, Compression = 259, OldJpeg = 6, Jpeg = 7;
    private const int EmptyDirectory = 16;
    private const int MaxPages = 1_000, MaxParts = 500_000;

    // Baseline tags of pixels and colours, of the supplements what decoders use, and the ICC profile (34675).
    private static readonly HashSet<int> KeptTags =
    [
        254, 255, 256, 257, 258, 259, 262, 263, 264, 265, 266, 273, 274, 277, 278, 279, 280, 281, 282, 283, 284, 290, 291, 292, 293, 296, 297, 301,
        317, 318, 319, 320, 321, 322, 323, 324, 325, 332, 334, 336, 338, 339, 340, 341, 342, 343, 347, 512, 513, 514, 515, 517, 518, 519, 520, 521,
        529, 530, 531, 532, 32995, 32996, 32997, 32998, 33421, 34675, 37439, 42113,
    ];

    // Where the pixels are: strips, tiles, a JPEG of the old kind.
    private static readonly (int Offsets, int Lengths)[] Pixels = [(273, 279), (324, 325), (513, 514)];

    // EXIF, GPS, interoperability.
    private static readonly HashSet<int> Directories = [34665, 34853, 40965];

    private readonly TiffFile _file;
    private readonly List<(long At, long Length)> _kept;
    private readonly List<(long At, long Length)> _removed = [];
    private long _left = MaxParts;
    private long _furthest; // end of the values that become zeros

    /// <summary>Reads all directories.</summary>
    public TiffParts(Bytes bytes)
    {
        _file = new TiffFile(bytes);
        _kept = [(0, _file.HeaderSize)];
        var seen = new HashSet<long>();
        for (var at = _file.First; at != 0; at = _file.Next(at))
        {
            if (!seen.Add(at) || seen.Count > MaxPages)
                throw HeaderReader.Broken();
            Add(_file.Read(at));
        }

        if (Overlap())
            throw HeaderReader.Broken(); // what has to go lies within what has to stay
    }

    /// <summary>Everything that stays, in any order; within the file unless that was cut off.</summary>
    public IReadOnlyList<(long At, long Length)> Kept => _kept;

    /// <summary>Where the file can end.</summary>
    public long End => Math.Min(_file.Bytes.Length, Math.Max(_furthest, _kept.Max(one => one.At + one.Length)));

    private void Add(TiffDirectory directory)
    {
        // Of two entries with one tag decoders differ in which they take; a thumbnail is no picture to keep, and a JPEG within the file has metadata of its own.
        if (directory.Entries.Count != directory.Count || directory.Entries.ContainsKey(SubDirectories)
            || directory.Number(Kind) is { } kind && (kind & Thumbnail) != 0 || directory.Number(Compression) is OldJpeg or Jpeg)
        {
            throw HeaderReader.Broken();
        }

        _kept.Add((directory.At, directory.TableAt - directory.At));
        _kept.Add((directory.TableAt + directory.Count * _file.EntrySize, _file.OffsetSize));
        foreach (var (tag, entry) in directory.Entries)
            Add(directory, tag, entry);
        var pixels = Pixels.Where(one => directory.Entries.ContainsKey(one.Offsets)).ToList();
        if (pixels.Count == 0)
            throw HeaderReader.Broken();
        foreach (var (offsets, lengths) in pixels)
        {
            var (at, length) = (Numbers(directory, offsets), Numbers(directory, lengths));
            if (at.Count != length.Count)
                throw HeaderReader.Broken();
            _kept.AddRange(at.Zip(length));
        }
    }

    private void Add(TiffDirectory directory, int tag, TiffEntry entry)
    {
        var start = entry.FieldAt + _file.OffsetSize - _file.EntrySize;
        if (TiffEntry.SizeOf(entry.Type) == 0 || entry.Length > _file.Bytes.Length)
            throw HeaderReader.Broken();
        if (KeptTags.Contains(tag))
        {
            _kept.Add((start, _file.EntrySize));
            _kept.Add((entry.At, entry.Length));
            return;
        }

        // The position of what becomes zeros stays: a value is as long as before, and a directory has no entries.
        var isDirectory = Directories.Contains(tag);
        _kept.Add((start, isDirectory || entry.At != entry.FieldAt ? _file.EntrySize : entry.FieldAt - start));
        if (!isDirectory)
            _removed.Add((entry.At, entry.Length));
        _furthest = Math.Max(_furthest, isDirectory ? (directory.Number(tag) ?? 0) + EmptyDirectory : entry.At + entry.Length);
    }

    private IReadOnlyList<long> Numbers(TiffDirectory directory, int tag)
    {
        var count = directory.Entries.TryGetValue(tag, out var entry) ? entry.Count : 0;
        var numbers = (_left -= count) < 0 ? [] : directory.Numbers(tag, MaxParts);
        return numbers.Count == count ? numbers : throw HeaderReader.Broken();
    }

    private bool Overlap()
    {
        var kept = _kept.Where(one => one.Length > 0).OrderBy(one => one.At).ToList();
        var i = 0;
        var end = 0L; // of what stays and begins before
        foreach (var (at, length) in _removed.Where(one => one.Length > 0).OrderBy(one => one.At))
        {
            for (; i < kept.Count && kept[i].At < at + length; i++)
            {
                if (kept[i].At + kept[i].Length > at)
                    return true;
                end = Math.Max(end, kept[i].At + kept[i].Length);
            }

            if (end > at)
                return true;
        }

        return false;
    }
}
