namespace ImageAspire.Imaging.Headers;

/// <summary>The first directory of a TIFF 6.0 or BigTIFF, and how many follow; of a camera's raw file, its full image.</summary>
internal static class TiffHeader
{
    public const int Width = 256, Height = 257;

    private const int Orientation = 274, Xmp = 700, Iptc = 33723, Photoshop = 34377;
    private const int MaxPages = 10_000;

    public static RawHeader Read(Bytes bytes)
    {
        var file = new TiffFile(bytes);
        var first = file.Read(file.First);
        var header = new RawHeader(
            first.Number(Width) ?? 0, first.Number(Height) ?? 0, Exif: TiffExif.Copy(file, first),
            Orientation: first.Number(Orientation) is >= 1 and <= 8 and var value ? (int)value : null, Xmp: first.Block(Xmp), Iptc: first.Block(Iptc) ?? first.Block(Photoshop));
        if (CameraRaw.Find(file) is { } raw)
        {
            if (raw.Width > 0)
                header = header with { Width = raw.Width, Height = raw.Height };
            return header.Width > 0 ? header with { CameraRaw = raw } : throw raw.WithoutPreview();
        }

        var pages = Pages(file);
        return header with { Frames = pages > 1 ? pages : null };
    }

    private static int Pages(TiffFile file)
    {
        var seen = new HashSet<long>();
        try
        {
            for (var at = file.First; at != 0 && seen.Count < MaxPages && seen.Add(at);)
                at = file.Next(at);
        }
        catch (EndOfStreamException)
        {
            // The first page may still be complete.
        }

        return seen.Count;
    }
}
