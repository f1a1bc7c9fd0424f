namespace ImageAspire.Tests.Imaging;

/// <summary>Windows icons: a table, and pictures that are bitmaps without a file's header, or PNGs.</summary>
internal static class IcoWriter
{
    private const int TableAt = 6, EntrySize = 16;

    /// <summary>An icon of these pictures.</summary>
    public static byte[] Write(params byte[][] pictures)
    {
        List<byte> table = [0, 0, 1, 0, (byte)pictures.Length, 0];
        var at = TableAt + pictures.Length * EntrySize;
        foreach (var picture in pictures)
        {
            var (width, height) = Size(picture);
            table.AddRange([(byte)width, (byte)height, 0, 0, 1, 0, 32, 0, .. BitConverter.GetBytes(picture.Length), .. BitConverter.GetBytes(at)]);
            at += picture.Length;
        }

        return [.. table, .. pictures.SelectMany(one => one)];
    }

    /// <summary>A picture of 32 bits, opaque, from the bottom up, with the mask of one bit a pixel that follows it.</summary>
    public static byte[] Bitmap(int width, int height, TestImages.Pixel pixel)
    {
        List<byte> picture = [.. BitConverter.GetBytes(40), .. BitConverter.GetBytes(width), .. BitConverter.GetBytes(height * 2), 1, 0, 32, 0, .. new byte[24]];
        for (var i = 0; i < width * height; i++)
        {
            var (r, g, b) = pixel(i % width, height - 1 - i / width);
            picture.AddRange([b, g, r, 255]);
        }

        return [.. picture, .. new byte[(width + 31) / 32 * 4 * height]];
    }

    private static (int Width, int Height) Size(byte[] picture) => picture[0] == 40 ? (picture[4], picture[8] / 2) : (picture[19], picture[23]);
}
