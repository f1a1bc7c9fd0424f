using System.Buffers.Binary;

namespace ImageAspire.Tests.Imaging;

/// <summary>Small Photoshop files: a header, no resources, no layers, and the flattened image, uncompressed.</summary>
internal static class PsdWriter
{
    private const short Rgb = 3;

    /// <summary>8 bits a channel, RGB.</summary>
    public static byte[] Write(int width, int height, Func<int, int, (byte R, byte G, byte B)> pixel)
    {
        var file = new MemoryStream();
        file.Write("8BPS"u8);
        Short(file, 1);
        file.Write(new byte[6]);
        Short(file, 3); // channels
        Int(file, height);
        Int(file, width);
        Short(file, 8); // bits
        Short(file, Rgb);
        Int(file, 0); // colour table
        Int(file, 0); // resources
        Int(file, 0); // layers
        Short(file, 0); // not compressed
        for (var channel = 0; channel < 3; channel++)
        {
            for (var i = 0; i < width * height; i++)
            {
                var (r, g, b) = pixel(i % width, i / width);
                file.WriteByte(channel == 0 ? r : channel == 1 ? g : b);
            }
        }

        return file.ToArray();
    }

    private static void Short(MemoryStream file, short value)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteInt16BigEndian(bytes, value);
        file.Write(bytes);
    }

    private static void Int(MemoryStream file, int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        file.Write(bytes);
    }
}
