using ImageAspire.Imaging.Headers;

namespace ImageAspire.Imaging.Removal;

/// <summary>A Windows bitmap has no metadata; but bytes can stand between its parts, and behind them.</summary>
internal static class BmpEdits
{
    private const int FileHead = 14, V5 = 124;
    private const uint Embedded = 0x4D424544, Linked = 0x4C494E4B; // a colour profile within the file; the path of one

    public static void Add(Bytes file, EditList edits)
    {
        var header = BmpHeader.Read(file);
        var size = file.U32(FileHead, big: false);
        var colours = header.BitsPerPixel <= 8 ? 1L << header.BitsPerPixel : 0;
        var pixels = header.Compression is 1 or 2 ? file.U32(34, big: false) : (header.Width * header.BitsPerPixel + 31) / 32 * 4 * header.Height;
        if (pixels == 0 || header.PixelsAt + pixels > file.Length)
            throw new EndOfStreamException();
        List<(long At, long Length)> kept = [(0, header.PaletteAt + colours * header.PaletteEntrySize), (header.PixelsAt, pixels)];
        if (size >= V5)
        {
            var kind = file.U32(FileHead + 56, big: false);
            if (kind == Linked)
                throw HeaderReader.Broken();
            if (kind == Embedded)
                kept.Add((FileHead + file.U32(FileHead + 112, big: false), file.U32(FileHead + 116, big: false)));
        }

        var end = kept.Max(one => one.At + one.Length);
        edits.BlankAllBut(kept, 0, Math.Min(end, file.Length));
        edits.Drop(Math.Min(end, file.Length), Math.Max(0, file.Length - end));
        if (end < file.Length && file.U32(2, big: false) != end)
            edits.Replace(2, 4, BitConverter.GetBytes((uint)end));
    }
}
