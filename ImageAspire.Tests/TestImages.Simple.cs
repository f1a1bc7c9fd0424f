using System.Text;
using ImageAspire.Tests.Imaging;

namespace ImageAspire.Tests;

/// <summary>Icons and simple formats.</summary>
internal static partial class TestImages
{
    /// <summary>An icon with a bitmap of 32 bits, behind a smaller picture.</summary>
    public static byte[] Ico(int width = 64, int height = 48) => IcoWriter.Write(IcoWriter.Bitmap(16, 12, (_, _) => (9, 9, 9)), IcoWriter.Bitmap(width, height, Quadrants(width, height)));

    /// <summary>An icon with a PNG, behind a smaller picture.</summary>
    public static byte[] PngIco(int width = 64, int height = 48) => IcoWriter.Write(IcoWriter.Bitmap(16, 12, (_, _) => (9, 9, 9)), Png(width, height));

    /// <summary>A binary PPM.</summary>
    public static byte[] Ppm(int width = 64, int height = 48) => [.. Encoding.ASCII.GetBytes($"P6\n# made by a test\n{width} {height} 255\n"), .. Rgb(width, height)];

    /// <summary>A PPM as text.</summary>
    public static byte[] TextPpm(int width = 64, int height = 48) => Encoding.ASCII.GetBytes($"P3 {width} {height} 255\n{string.Join('\n', Rgb(width, height))}\n");

    /// <summary>A PAM.</summary>
    public static byte[] Pam(int width = 64, int height = 48) =>
        [.. Encoding.ASCII.GetBytes($"P7\nWIDTH {width}\nHEIGHT {height}\nDEPTH 3\nMAXVAL 255\nTUPLTYPE RGB\nENDHDR\n"), .. Rgb(width, height)];

    /// <summary>A QOI whose pixels are all written in full.</summary>
    public static byte[] Qoi(int width = 64, int height = 48) =>
    [
        .. "qoif"u8, 0, 0, (byte)(width >> 8), (byte)width, 0, 0, (byte)(height >> 8), (byte)height, 3, 0,
        .. Rgb(width, height).Chunk(3).SelectMany(pixel => (byte[])[0xFE, .. pixel]), 0, 0, 0, 0, 0, 0, 0, 1,
    ];

    private static byte[] Rgb(int width, int height)
    {
        var pixel = Quadrants(width, height);
        return [.. Enumerable.Range(0, width * height).Select(i => pixel(i % width, i / width)).SelectMany(one => (byte[])[one.R, one.G, one.B])];
    }
}
