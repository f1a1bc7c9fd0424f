using ImageAspire.Imaging.Headers;

namespace ImageAspire.Imaging.Removal;

/// <summary>Chunks of a WebP (RFC 9649): kept are those of pixels, animation and the colour profile.</summary>
internal static class WebpEdits
{
    private const int MaxChunks = 100_000;
    private const int Head = 8, FrameHead = 16;
    private const byte HasExif = 0x08, HasXmp = 0x04;

    private static readonly HashSet<string> Kept = ["VP8X", "VP8 ", "VP8L", "ALPH", "ANIM", "ANMF", "ICCP"];
    private static readonly HashSet<string> KeptInFrames = ["VP8 ", "VP8L", "ALPH"];

    public static void Add(Bytes file, EditList edits, int? orientation)
    {
        var riffEnd = Head + (long)file.U32(4, big: false);
        if (riffEnd > file.Length)
            throw new EndOfStreamException();
        var needsExif = PlainExif.IsNeeded(orientation);
        long kept = 4, flagsAt = 0;
        var hasExif = false;
        foreach (var (at, type, size) in Chunks(file, 12, riffEnd))
        {
            if (type == "EXIF" && needsExif && !hasExif)
            {
                var exif = PlainExif.Of(orientation!.Value);
                edits.Replace(at, size, [.. "EXIF"u8, (byte)exif.Length, 0, 0, 0, .. exif]);
                kept += Head + exif.Length;
                hasExif = true;
                continue;
            }

            if (!Kept.Contains(type))
            {
                edits.Drop(at, size);
                continue;
            }

            if (type == "VP8X")
                flagsAt = at + Head;
            if (type == "ANMF" && Chunks(file, at + Head + FrameHead, at + size).Any(chunk => !KeptInFrames.Contains(chunk.Type)))
                throw HeaderReader.Broken(); // unknown chunks within a frame: nothing to remove them safely with
            kept += size;
        }

        edits.Drop(riffEnd, file.Length - riffEnd);
        if (Head + kept != riffEnd)
            edits.Replace(4, 4, BitConverter.GetBytes((uint)kept));
        if (flagsAt == 0)
            return;
        var flags = file.U8(flagsAt);
        var without = (byte)(flags & ~HasXmp & ~(hasExif ? 0 : HasExif));
        if (without != flags)
            edits.Replace(flagsAt, 1, [without]);
    }

    // Each with its head and its padding.
    private static IEnumerable<(long At, string Type, long Size)> Chunks(Bytes file, long at, long end)
    {
        for (var i = 0; at < end; i++)
        {
            if (i == MaxChunks)
                throw HeaderReader.Broken();
            var length = file.U32(at + 4, big: false);
            var size = Math.Min(Head + length + (length & 1L), end - at);
            if (size < Head + length)
                throw HeaderReader.Broken();
            yield return (at, file.Letters(at), size);
            at += size;
        }
    }
}
