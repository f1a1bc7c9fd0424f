using ImageAspire.Imaging.Headers;

namespace ImageAspire.Imaging.Removal;

/// <summary>
/// Segments of a JPEG (ITU-T T.81, annex B): kept are those that a decoder needs, the colour profile, and JFIF and Adobe's mark of the colour
/// space; everything else goes, and what follows the picture.
/// </summary>
internal static class JpegEdits
{
    private const int JfifBytes = 14, JfifWithoutThumbnail = 12, AdobeBytes = 12, MaxSegments = 100_000;

    public static void Add(Stream stream, EditList edits, int? orientation)
    {
        var file = new Bytes(stream);
        var needsExif = PlainExif.IsNeeded(orientation);
        var end = 2L; // of the part that is done
        for (var i = 0; i < MaxSegments; i++)
        {
            var at = end;
            while (file.U8(at) != 0xFF)
                at++; // decoders skip stray bytes between segments
            while (file.U8(at + 1) == 0xFF)
                at++; // fill bytes
            edits.Drop(end, at - end);
            var marker = file.U8(at + 1);
            if (marker == 0xD9)
            {
                edits.Drop(at + 2, file.Length - at - 2);
                return;
            }

            if (marker is 0x00 or 0x01 or (>= 0xD0 and <= 0xD8))
            {
                end = at + 2;
                continue;
            }

            var length = 2 + file.U16(at + 2, big: true);
            if (length < 4 || length > file.Length - at)
                throw HeaderReader.Broken();
            end = at + length;
            if (marker == 0xDA)
            {
                end = ScanEnd(stream, end);
            }
            else if (needsExif && marker == 0xE1 && file.Has(at + 4, "Exif\0\0"u8))
            {
                needsExif = false;
                edits.Replace(at, length, [0xFF, 0xE1, 0, 34, .. "Exif\0\0"u8, .. PlainExif.Of(orientation!.Value)]);
            }
            else if (Shortened(file, marker, at, length) is { } with)
            {
                edits.Replace(at, length, with);
            }
            else if (!IsKept(file, marker, at + 4))
            {
                edits.Drop(at, length);
            }
        }

        throw HeaderReader.Broken();
    }

    private static bool IsKept(Bytes file, byte marker, long content) => marker switch
    {
        0xE0 => file.Has(content, "JFIF\0"u8),
        0xE2 => file.Has(content, "ICC_PROFILE\0"u8),
        0xEE => file.Has(content, "Adobe"u8),
        >= 0xC0 and <= 0xDF => true, // frames, tables, restart intervals, scans
        _ => false,
    };

    // JFIF can have a thumbnail, and both segments something behind it.
    private static byte[]? Shortened(Bytes file, byte marker, long at, int length) => marker switch
    {
        0xE0 when length > 4 + JfifBytes && file.Has(at + 4, "JFIF\0"u8) => [0xFF, 0xE0, 0, 2 + JfifBytes, .. file.Copy(at + 4, JfifWithoutThumbnail)!, 0, 0],
        0xEE when length > 4 + AdobeBytes && file.Has(at + 4, "Adobe"u8) => [0xFF, 0xEE, 0, 2 + AdobeBytes, .. file.Copy(at + 4, AdobeBytes)!],
        _ => null,
    };

    // Compressed data has no marker but restarts; a byte FF of its own is followed by 00.
    private static long ScanEnd(Stream stream, long at)
    {
        var buffer = new byte[64 << 10];
        while (true)
        {
            stream.Position = at;
            var read = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            if (read < 2)
                return at + read;
            var i = 0;
            while (buffer.AsSpan(i, read - i).IndexOf((byte)0xFF) is >= 0 and var found && i + found + 1 < read)
            {
                i += found;
                if (buffer[i + 1] is not (0x00 or 0xFF or (>= 0xD0 and <= 0xD7)))
                    return at + i;
                i += buffer[i + 1] == 0xFF ? 1 : 2;
            }

            at += read < buffer.Length ? read : Math.Max(i, read - 1); // the last byte may be the first of a marker
        }
    }
}
