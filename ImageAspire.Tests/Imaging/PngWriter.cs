using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace ImageAspire.Tests.Imaging;

/// <summary>PNG files (W3C PNG, third edition) without filters.</summary>
internal static class PngWriter
{
    public enum Kind
    {
        Rgb,
        Rgb16,
        Grey,
        Rgba,
    }

    public static byte[] Write(int width, int height, TestImages.Pixel pixel, Kind kind = Kind.Rgb, string comment = "")
    {
        using var file = new MemoryStream();
        file.Write([0x89, .. "PNG"u8, 0x0D, 0x0A, 0x1A, 0x0A]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = (byte)(kind == Kind.Rgb16 ? 16 : 8);
        header[9] = kind switch { Kind.Grey => 0, Kind.Rgba => 6, _ => 2 };
        Chunk(file, "IHDR", header);
        if (comment.Length > 0)
            Chunk(file, "tEXt", [.. "Comment\0"u8, .. Encoding.ASCII.GetBytes(comment)]);
        Chunk(file, "IDAT", Compress(width, height, pixel, kind));
        Chunk(file, "IEND", []);
        return file.ToArray();
    }

    private static byte[] Compress(int width, int height, TestImages.Pixel pixel, Kind kind)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest))
        using (var buffered = new BufferedStream(zlib, 1 << 16))
        {
            for (var y = 0; y < height; y++)
            {
                buffered.WriteByte(0);
                for (var x = 0; x < width; x++)
                {
                    var (r, g, b) = pixel(x, y);
                    buffered.Write(kind switch
                    {
                        Kind.Grey => [(byte)((r * 299 + g * 587 + b * 114) / 1000)],
                        Kind.Rgba => [r, g, b, (byte)(x * 2 < width ? 0 : 255)],
                        Kind.Rgb16 => [r, r, g, g, b, b],
                        _ => [r, g, b],
                    });
                }
            }
        }

        return packed.ToArray();
    }

    /// <summary>Writes one chunk with its checksum.</summary>
    public static void Chunk(MemoryStream file, string type, byte[] content)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(type), .. content];
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        file.Write(number);
        file.Write(body);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32(body));
        file.Write(number);
    }

    // ISO 3309 / ITU-T V.42, as PNG wants it.
    public static uint Crc32(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var i = 0; i < 8; i++)
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320u);
        }

        return ~crc;
    }
}
