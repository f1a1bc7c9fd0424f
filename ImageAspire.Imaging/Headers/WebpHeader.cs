namespace ImageAspire.Imaging.Headers;

/// <summary>Chunks of a WebP (RFC 9649).</summary>
internal static class WebpHeader
{
    private const int MaxChunks = 100_000;

    public static RawHeader Read(Bytes file)
    {
        RawHeader? size = null;
        byte[]? exif = null;
        var frames = 0;
        var at = 12L;
        for (var i = 0; i < MaxChunks && at + 8 <= file.Length; i++)
        {
            var length = file.U32(at + 4, big: false);
            if (file.Has(at, "VP8X"u8))
                size = new RawHeader((file.U32(at + 12, big: false) & 0xFFFFFF) + 1, (file.U32(at + 15, big: false) & 0xFFFFFF) + 1);
            else if (file.Has(at, "VP8 "u8))
                size ??= new RawHeader(file.U16(at + 14, big: false) & 0x3FFF, file.U16(at + 16, big: false) & 0x3FFF);
            else if (file.Has(at, "VP8L"u8))
                size ??= Lossless(file.U32(at + 9, big: false));
            else if (file.Has(at, "ANMF"u8))
                frames++;
            else if (file.Has(at, "EXIF"u8))
                exif ??= file.Copy(at + 8, length);
            at += 8L + length + (length & 1);
        }

        return (size ?? throw HeaderReader.Broken()) with { Frames = frames > 1 ? frames : null, Exif = exif };
    }

    private static RawHeader Lossless(uint bits) => new((bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1);
}
