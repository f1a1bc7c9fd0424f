using ImageAspire.Imaging.Headers;

namespace ImageAspire.Imaging.Removal;

/// <summary>
/// TIFF 6.0 and BigTIFF: everything has a position, so nothing moves. The directories stay; values that only describe become zeros, and so does
/// every byte that belongs to no page.
/// </summary>
internal static class TiffEdits
{
    public static void Add(Bytes file, EditList edits)
    {
        var parts = new TiffParts(file);
        if (parts.Kept.Any(one => one.At < 0 || one.Length < 0 || one.Length > file.Length - one.At))
            throw new EndOfStreamException(); // cut off
        edits.BlankAllBut(parts.Kept, 0, parts.End);
        edits.Drop(parts.End, file.Length - parts.End);
    }
}
