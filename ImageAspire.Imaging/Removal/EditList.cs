using ImageAspire.Core.Images;

namespace ImageAspire.Imaging.Removal;

/// <summary>Collects the edits of one file, in any order.</summary>
internal sealed class EditList(long fileBytes)
{
    private readonly List<MetadataEdit> _edits = [];

    public long FileBytes => fileBytes;

    /// <summary>Leaves bytes out.</summary>
    public void Drop(long at, long length) => Add(at, length, 0, null);

    /// <summary>Puts others in their place; the file may become longer or shorter.</summary>
    public void Replace(long at, long length, byte[] with) => Add(at, length, with.Length, with);

    /// <summary>Puts others in their place, then zeros; the file keeps its length.</summary>
    public void Blank(long at, long length, byte[]? with = null) => Add(at, length, length, with?.Length <= length ? with : null);

    /// <summary>Zeros everything of a part of the file that is not kept.</summary>
    public void BlankAllBut(IEnumerable<(long At, long Length)> kept, long from, long to)
    {
        foreach (var (at, length) in kept.OrderBy(one => one.At))
        {
            if (at >= to)
                break;
            Blank(from, Math.Max(0, at - from));
            from = Math.Max(from, at + length);
        }

        Blank(from, Math.Max(0, to - from));
    }

    /// <summary>In order, neighbours as one; null when they are too many or do not fit together.</summary>
    public IReadOnlyList<MetadataEdit>? ToList()
    {
        var merged = new List<MetadataEdit>();
        foreach (var edit in _edits.OrderBy(one => one.At))
        {
            if (merged is [.., var last] && last.At + last.Length == edit.At && last.With is null && edit.With is null && (last.NewLength == 0) == (edit.NewLength == 0))
                merged[^1] = last with { Length = last.Length + edit.Length, NewLength = last.NewLength + edit.NewLength };
            else
                merged.Add(edit);
        }

        return MetadataEdits.AreValid(merged, fileBytes) ? merged : null;
    }

    private void Add(long at, long length, long newLength, byte[]? with)
    {
        if (length != 0 || newLength != 0)
            _edits.Add(new MetadataEdit(at, length, newLength, with));
    }
}
