using System.Buffers.Binary;
using System.IO.Compression;
using ImageAspire.Tests.Imaging;

namespace ImageAspire.Tests.Vision;

/// <summary>A black PNG in shades of grey, of any size, made without its pixels in memory.</summary>
internal static class FlatPng
{
    /// <param name="width">As its header says.</param>
    /// <param name="height">As its header says.</param>
    /// <param name="rows">How many rows there really are; null for all.</param>
    public static byte[] Write(int width, int height, int? rows = null)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 8; // bits; colour type 0 is grey
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal))
        {
            var row = new byte[width + 1];
            for (var y = 0; y < (rows ?? height); y++)
                zlib.Write(row);
        }

        return [0x89, .. "PNG"u8, 0x0D, 0x0A, 0x1A, 0x0A, .. Chunk("IHDR", header), .. Chunk("IDAT", packed.ToArray()), .. Chunk("IEND", [])];
    }

    private static byte[] Chunk(string type, byte[] data)
    {
        byte[] body = [.. System.Text.Encoding.ASCII.GetBytes(type), .. data];
        var (length, checksum) = (new byte[4], new byte[4]);
        BinaryPrimitives.WriteInt32BigEndian(length, data.Length);
        BinaryPrimitives.WriteUInt32BigEndian(checksum, PngWriter.Crc32(body));
        return [.. length, .. body, .. checksum];
    }
}
