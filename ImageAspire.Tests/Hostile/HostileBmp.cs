using ImageAspire.Core.Images;

namespace ImageAspire.Tests.Hostile;

/// <summary>BMP: sizes that lie, run lengths that leave the image, tables outside of the file.</summary>
internal static class HostileBmp
{
    public static IEnumerable<HostileFile> Files()
    {
        yield return new("BMP of 2³¹−1 × 2³¹−1", File(int.MaxValue, int.MaxValue, 24, 0, 54, []), FailureCodes.TooManyPixels);
        yield return new("BMP of 1 × −2³¹", File(1, int.MinValue, 24, 0, 54, []), FailureCodes.TooManyPixels);
        yield return new("BMP of −1 × 1", File(-1, 1, 24, 0, 54, new byte[64]), FailureCodes.Corrupt);
        yield return new("BMP of 0 × 0", File(0, 0, 24, 0, 54, []), FailureCodes.NoPixels);
        yield return new("BMP of 9,999 × 9,999 without pixels", File(9_999, 9_999, 24, 0, 54, []), FailureCodes.Truncated);
        yield return new("BMP of 9,999 × 9,999 of one bit in 12 MB", File(9_999, 9_999, 1, 0, 54, new byte[1252 * 9_999]));
        yield return new("BMP of 1 × 1,000,000", File(1, 1_000_000, 8, 0, 54, new byte[4_000_000]));
        yield return new("BMP of 1,000,000 × 1", File(1_000_000, 1, 8, 0, 54, new byte[1_000_000]));
        yield return new("BMP of 99,999,999 × 1, run lengths", File(99_999_999, 1, 8, 1, 54, [0, 1]));
        yield return new("BMP of 9,999 × 9,999, run lengths, in 56 bytes", File(9_999, 9_999, 8, 1, 54, [0, 1]));
        yield return new("BMP with moves that leave the image", File(64, 64, 8, 1, 54, [.. Enumerable.Repeat<byte[]>([0, 2, 255, 255], 100).SelectMany(one => one), 0, 1]));
        yield return new("BMP with run lengths that never move", File(64, 64, 8, 1, 54, [.. Enumerable.Repeat<byte[]>([0, 2, 0, 0], 500_000).SelectMany(one => one)]));
        yield return new("BMP with run lengths that never end a row", File(64, 64, 8, 1, 54, Enumerable.Repeat((byte)255, 4_000_000).ToArray()));
        yield return new("BMP with literals longer than a row", File(8, 8, 8, 1, 54, [0, 255, .. new byte[256], 0, 1]));
        yield return new("BMP with pixels outside of the file", File(8, 8, 24, 0, uint.MaxValue, new byte[300]));
        yield return new("BMP with pixels in its header", File(8, 8, 24, 0, 0, new byte[300]));
        foreach (var bits in (short[])[0, 2, 3, 5, 15, 48, 64, -1])
            yield return new($"BMP of {bits} bits", File(8, 8, bits, 0, 54, new byte[600]), FailureCodes.UnsupportedVariant);
        foreach (var compression in (uint[])[2, 4, 5, 7, 11, uint.MaxValue])
            yield return new($"BMP of compression {compression}", File(8, 8, 24, compression, 54, new byte[600]), FailureCodes.UnsupportedVariant);
        foreach (var mask in (uint[])[0, 1, 0x80000000, 0xFFFFFFFF, 0x5A5A5A5A])
            yield return new($"BMP with masks of {mask:X}", File(8, 8, 32, 3, 70, [.. BitConverter.GetBytes(mask), .. BitConverter.GetBytes(mask), .. BitConverter.GetBytes(mask), .. BitConverter.GetBytes(mask), .. HostilePng.Noise(256)]));
        yield return new("BMP of the oldest kind, of noise", [.. "BM"u8, .. new byte[8], 26, 0, 0, 0, 12, 0, 0, 0, 8, 0, 8, 0, 1, 0, 8, 0, .. HostilePng.Noise(64)]);
        yield return new("BMP of its signature and nothing", [.. "BM"u8, .. new byte[12], 40, 0, 0, 0], FailureCodes.Truncated);
    }

    private static byte[] File(int width, int height, short bits, uint compression, uint pixelsAt, byte[] rest) =>
    [
        .. "BM"u8, .. BitConverter.GetBytes(54 + rest.Length), 0, 0, 0, 0, .. BitConverter.GetBytes(pixelsAt), .. BitConverter.GetBytes(40),
        .. BitConverter.GetBytes(width), .. BitConverter.GetBytes(height), 1, 0, .. BitConverter.GetBytes(bits), .. BitConverter.GetBytes(compression), .. new byte[20], .. rest,
    ];
}
