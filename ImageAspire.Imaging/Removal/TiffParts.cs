using ImageAspire.Imaging.Headers;

namespace ImageAspire.Imaging.Removal;

/// <summary>Which bytes of a TIFF its pictures are made of: directories, their values about pixels and colours, and the pixels.</summary>
internal sealed class TiffParts
{
    private const int SubDirectories = 330, StripOffsets = 273, StripBytes = 279, TileOffsets = 324, TileBytes = 325, JpegOffset = 513, JpegBytes = 514;
    private const int Kind = 254, Thumbnail = 1, Compression = 259, OldJpeg = 6, Jpeg = 7;
    private const int EmptyDirectory = 16;
    private const int MaxPages = 1_000, MaxEntries = 4_096, MaxParts = 500_000;

    // Baseline tags of pixels and colours, of the supplements what decoders use, and the ICC profile (34675).
    private static readonly HashSet<int> KeptTags =
    [
        254, 255, 256, 257, 258, 259, 262, 263, 264, 265, 266, 273, 274, 277, 278, 279, 280, 281, 282, 283, 284, 290, 291, 292, 293, 296, 297, 301,
        317, 318, 319, 320, 321, 322, 323, 324, 325, 332, 334, 336, 338, 339, 340, 341, 342, 343, 347, 512, 513, 514, 515, 517, 518, 519, 520, 521,
        529, 530, 531, 532, 32995, 32996, 32997, 32998, 33421, 34675, 37439, 42113,
    ];

    // EXIF, GPS, interoperability.
    private static readonly HashSet<int> Directories = [34665, 34853, 40965];

    private static readonly int[] ValueBytes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];

    private readonly Bytes _file;
    private readonly bool _big;
    private readonly bool _wide; // BigTIFF: 64-bit offsets
    private readonly List<(long At, long Length)> _kept;
    private readonly List<(long At, long Length)> _removed = [];
    private int _left = MaxParts;
    private long _furthest; // end of the values that become zeros

    /// <summary>Reads all directories.</summary>
    public TiffParts(Bytes file)
    {
        (_file, _big) = (file, file.U8(0) == (byte)'M');
        _wide = file.U16(2, _big) == 43;
        _kept = [(0, _wide ? 16 : 8)];
        var seen = new HashSet<long>();
        for (var directory = Offset(_wide ? 8 : 4); directory != 0;)
        {
            if (!seen.Add(directory) || seen.Count > MaxPages)
                throw HeaderReader.Broken();
            directory = AddDirectory(directory);
        }

        if (Overlap())
            throw HeaderReader.Broken(); // what has to go lies within what has to stay
    }

    /// <summary>Everything that stays, in any order; within the file unless that was cut off.</summary>
    public IReadOnlyList<(long At, long Length)> Kept => _kept;

    /// <summary>Where the file can end.</summary>
    public long End => Math.Min(_file.Length, Math.Max(_furthest, _kept.Max(one => one.At + one.Length)));

    private long AddDirectory(long at)
    {
        var count = _wide ? _file.U64(at, _big) : _file.U16(at, _big);
        if (count is < 0 or > MaxEntries)
            throw HeaderReader.Broken();
        var (entries, entryBytes, inline) = _wide ? (at + 8, 20, 8) : (at + 2, 12, 4);
        var next = entries + count * entryBytes;
        _kept.Add((at, entries - at));
        _kept.Add((next, inline));
        var (pixels, tags) = (new Dictionary<int, List<long>>(), new HashSet<int>());
        for (var entry = entries; entry < next; entry += entryBytes)
        {
            if (!tags.Add(_file.U16(entry, _big)))
                throw HeaderReader.Broken(); // decoders differ in which of the two they take
            AddEntry(entry, entry + entryBytes - inline, inline, pixels);
        }

        if (pixels.Count == 0)
            throw HeaderReader.Broken();
        AddPixels(pixels, StripOffsets, StripBytes);
        AddPixels(pixels, TileOffsets, TileBytes);
        AddPixels(pixels, JpegOffset, JpegBytes); // a JPEG of the old kind
        return Offset(next);
    }

    private void AddEntry(long entry, long field, int inline, Dictionary<int, List<long>> pixels)
    {
        var (tag, type) = (_file.U16(entry, _big), _file.U16(entry + 2, _big));
        var values = Offset(entry + 4);
        if (tag == SubDirectories || values < 0 || type >= ValueBytes.Length || values > _file.Length)
            throw HeaderReader.Broken();
        var bytes = values * ValueBytes[type];
        var value = bytes <= inline ? field : Offset(field);
        // A thumbnail is no picture to keep, and a JPEG within the file has metadata of its own.
        if (tag == Kind && (Numbers(value, type, values) is [var kind, ..] && (kind & Thumbnail) != 0) || tag == Compression && Numbers(value, type, values) is [OldJpeg or Jpeg, ..])
            throw HeaderReader.Broken();
        if (KeptTags.Contains(tag))
        {
            _kept.Add((entry, field + inline - entry));
            _kept.Add((value, bytes));
            if (tag is StripOffsets or StripBytes or TileOffsets or TileBytes or JpegOffset or JpegBytes)
                pixels[tag] = Numbers(value, type, values);
            return;
        }

        // The position of what becomes zeros stays: a value is as long as before, and a directory has no entries.
        var isDirectory = Directories.Contains(tag);
        _kept.Add((entry, field - entry + (isDirectory || value != field ? inline : 0)));
        if (!isDirectory)
            _removed.Add((value, bytes));
        _furthest = Math.Max(_furthest, isDirectory ? Offset(field) + EmptyDirectory : value + bytes);
    }

    private void AddPixels(Dictionary<int, List<long>> pixels, int offsets, int lengths)
    {
        if (!pixels.TryGetValue(offsets, out var at))
            return;
        if (!pixels.TryGetValue(lengths, out var length) || at.Count != length.Count)
            throw HeaderReader.Broken();
        _kept.AddRange(at.Zip(length));
    }

    private List<long> Numbers(long at, int type, long count)
    {
        if (count > _left)
            throw HeaderReader.Broken();
        _left -= (int)count;
        var numbers = new List<long>((int)count);
        for (var i = 0; i < count; i++)
        {
            var one = at + i * ValueBytes[type];
            numbers.Add(type switch { 3 => _file.U16(one, _big), 4 or 13 => _file.U32(one, _big), 16 => _file.U64(one, _big), _ => throw HeaderReader.Broken() });
        }

        return numbers;
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

    private long Offset(long at) => _wide ? _file.U64(at, _big) : _file.U32(at, _big);
}
