using System.Text;

namespace ImageAspire.Tests.Imaging;

/// <summary>GIF 89a files. The LZW table never grows: a clear code comes before it would (7-bit pixels, 8-bit codes).</summary>
internal static class GifWriter
{
    private const int MinimumCodeSize = 7;
    private const int ClearCode = 1 << MinimumCodeSize;

    public static byte[] Write(int width, int height, TestImages.Pixel pixel, int frames, string comment)
    {
        using var file = new MemoryStream();
        file.Write([.. "GIF89a"u8, .. Word(width), .. Word(height), 0xF6, 0, 0]); // 128 colours
        var palette = new List<(byte, byte, byte)>();
        var indexes = new byte[width * height];
        for (var i = 0; i < indexes.Length; i++)
        {
            var colour = pixel(i % width, i / width);
            if (!palette.Contains(colour))
                palette.Add(colour);
            indexes[i] = checked((byte)palette.IndexOf(colour));
        }

        for (var i = 0; i < 128; i++)
        {
            var (r, g, b) = i < palette.Count ? palette[i] : default;
            file.Write([r, g, b]);
        }

        if (comment.Length > 0)
            file.Write([0x21, 0xFE, (byte)comment.Length, .. Encoding.ASCII.GetBytes(comment), 0]);
        for (var frame = 0; frame < frames; frame++)
        {
            file.Write([0x21, 0xF9, 4, 0, 10, 0, 0, 0]);
            file.Write([0x2C, 0, 0, 0, 0, .. Word(width), .. Word(height), 0, MinimumCodeSize]);
            WriteCodes(file, indexes);
        }

        file.WriteByte(0x3B);
        return file.ToArray();
    }

    private static void WriteCodes(MemoryStream file, byte[] indexes)
    {
        var codes = new List<byte>(indexes.Length * 2);
        for (var i = 0; i < indexes.Length; i++)
        {
            if (i % 100 == 0)
                codes.Add(ClearCode); // before the table has 256 entries and codes become 9 bits
            codes.Add(indexes[i]);
        }

        codes.Add(ClearCode + 1); // end
        foreach (var block in codes.Chunk(255))
            file.Write([(byte)block.Length, .. block]);
        file.WriteByte(0);
    }

    private static byte[] Word(int value) => [(byte)value, (byte)(value >> 8)];
}
