using System.Buffers.Binary;
using ImageAspire.Imaging.Headers;

namespace ImageAspire.Imaging.Removal;

/// <summary>Chunks of a PNG (W3C PNG, third edition): kept are those of pixels, colours and animation.</summary>
internal static class PngEdits
{
    private const int MaxChunks = 100_000;
    private const int Frame = 12; // length, type, checksum

    private static readonly HashSet<string> Kept =
        ["IHDR", "PLTE", "IDAT", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "cICP", "mDCV", "cLLI", "sBIT", "bKGD", "pHYs", "hIST", "acTL", "fcTL", "fdAT"];

    public static void Add(Bytes file, EditList edits, int? orientation)
    {
        var needsExif = PlainExif.IsNeeded(orientation);
        var at = 8L;
        for (var i = 0; i < MaxChunks; i++)
        {
            if (at == file.Length)
                return; // cut off
            long size = Frame + file.U32(at, big: true);
            var type = file.Letters(at + 4);
            if (type == "IEND")
            {
                edits.Drop(at + Frame, file.Length - at - Frame);
                return;
            }

            if (size > file.Length - at)
            {
                if (!Kept.Contains(type))
                    throw new EndOfStreamException();
                return; // cut off
            }

            if (needsExif && type == "eXIf")
                edits.Replace(at, size, Chunk([.. "eXIf"u8, .. PlainExif.Of(orientation!.Value)]));
            else if (!Kept.Contains(type))
                edits.Drop(at, size);
            needsExif &= type != "eXIf";
            at += size;
        }

        throw HeaderReader.Broken();
    }

    private static byte[] Chunk(byte[] typeAndContent)
    {
        var chunk = new byte[typeAndContent.Length + 8];
        BinaryPrimitives.WriteInt32BigEndian(chunk, typeAndContent.Length - 4);
        typeAndContent.CopyTo(chunk, 4);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(chunk.Length - 4), Checksum(typeAndContent));
        return chunk;
    }

    // CRC-32 of ISO 3309.
    private static uint Checksum(byte[] bytes)
    {
        var checksum = uint.MaxValue;
        foreach (var one in bytes)
        {
            checksum ^= one;
            for (var bit = 0; bit < 8; bit++)
                checksum = (checksum >> 1) ^ (0xEDB88320 & (0 - (checksum & 1)));
        }

        return ~checksum;
    }
}
