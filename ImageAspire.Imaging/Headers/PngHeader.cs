namespace ImageAspire.Imaging.Headers;

/// <summary>Chunks of a PNG (W3C PNG, third edition).</summary>
internal static class PngHeader
{
    private const int MaxChunks = 100_000;

    public static RawHeader Read(Bytes file)
    {
        if (!file.Has(12, "IHDR"u8))
            throw HeaderReader.Broken();
        var header = new RawHeader(file.U32(16, big: true), file.U32(20, big: true));
        var at = 8L;
        for (var i = 0; i < MaxChunks && at + 12 <= file.Length; i++)
        {
            var length = file.U32(at, big: true);
            if (file.Has(at + 4, "eXIf"u8))
                return header with { Exif = file.Copy(at + 8, length) };
            if (file.Has(at + 4, "IEND"u8))
                break;
            at += 12L + length;
        }

        return header;
    }
}
