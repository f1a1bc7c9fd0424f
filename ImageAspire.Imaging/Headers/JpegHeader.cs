namespace ImageAspire.Imaging.Headers;

/// <summary>Segments of a JPEG (ITU-T T.81, annex B) up to its first scan.</summary>
internal static class JpegHeader
{
    // Images have a few dozen segments; thousands are an attack.
    private const int MaxSegments = 4096;

    // Between segments, all together; each byte is read by itself.
    private const int MaxStray = 64 << 10;

    public static RawHeader Read(Bytes file)
    {
        byte[]? exif = null;
        foreach (var (marker, at, length) in Segments(file))
        {
            if (marker == 0xE1 && exif is null && file.Has(at, "Exif\0\0"u8))
                exif = file.Copy(at + 6, length - 6);
            else if (marker is >= 0xC0 and <= 0xCF and not 0xC4 and not 0xC8 and not 0xCC) // the frame headers
                return new RawHeader(file.U16(at + 3, big: true), file.U16(at + 1, big: true), Exif: exif);
        }

        throw HeaderReader.Broken();
    }

    /// <summary>The size of an image that libvips decodes: 8 bits, baseline, extended or progressive. Null for any other kind, and for what is no JPEG.</summary>
    public static (long Width, long Height)? PictureSize(Bytes file)
    {
        try
        {
            if (!file.Has(0, [0xFF, 0xD8, 0xFF]))
                return null;
            foreach (var (marker, at, _) in Segments(file))
            {
                if (marker is >= 0xC0 and <= 0xCF and not 0xC4 and not 0xC8 and not 0xCC)
                    return marker <= 0xC2 && file.U8(at) == 8 ? (file.U16(at + 3, big: true), file.U16(at + 1, big: true)) : null;
            }
        }
        catch (EndOfStreamException)
        {
            // Ends within its header.
        }

        return null;
    }

    /// <summary>Where the compressed image data begins; the end of the file when there is none.</summary>
    public static long ScanOffset(Bytes file)
    {
        try
        {
            foreach (var (marker, at, length) in Segments(file))
            {
                if (marker == 0xDA)
                    return at + length;
            }
        }
        catch (EndOfStreamException)
        {
            return file.Length; // ends within its header
        }

        return file.Length;
    }

    private static IEnumerable<(byte Marker, long At, int Length)> Segments(Bytes file)
    {
        var (at, stray) = (2L, 0);
        for (var i = 0; i < MaxSegments; i++)
        {
            for (; file.U8(at) != 0xFF && stray < MaxStray; stray++)
                at++; // decoders skip stray bytes between segments
            for (; file.U8(at) == 0xFF && stray < MaxStray; stray++)
                at++; // fill bytes
            if (stray == MaxStray)
                yield break;
            var marker = file.U8(at++);
            if (marker == 0xD9)
                yield break;
            if (marker is 0x00 or 0x01 or (>= 0xD0 and <= 0xD8))
                continue; // markers without content
            var length = file.U16(at, big: true);
            if (length < 2)
                yield break;
            yield return (marker, at + 2, length - 2);
            at += length;
        }
    }
}
