using ImageAspire.Core.Images;

namespace ImageAspire.Tests.Hostile;

/// <summary>GIF: frames without end, canvases that lie, codes that never say anything.</summary>
internal static class HostileGif
{
    private static readonly byte[] TwoColours = [0, 0, 0, 255, 255, 255];
    private static readonly byte[] OnePixel = [2, 2, 0x44, 1, 0];

    public static IEnumerable<HostileFile> Files()
    {
        yield return new("GIF of 65,535 × 65,535 in 44 bytes", TestImages.GiganticGif(), FailureCodes.TooManyPixels);
        yield return new("GIF of 0 × 0", File(0, 0, Frame(0, 0, 1, 1, OnePixel)));
        yield return new("GIF of 9,999 × 9,999 with a frame of one pixel", File(9_999, 9_999, Frame(0, 0, 1, 1, OnePixel)));
        yield return new("GIF of 1 × 1 with a frame of 65,535 × 65,535", File(1, 1, Frame(0, 0, 65_535, 65_535, OnePixel)));
        yield return new("GIF with a frame outside of it", File(8, 8, Frame(60_000, 60_000, 8, 8, OnePixel)));
        yield return new("GIF with a frame of no size", File(8, 8, Frame(0, 0, 0, 0, OnePixel)));
        yield return new("GIF with 20,000 frames", File(8, 8, [.. Enumerable.Repeat(Frame(0, 0, 1, 1, OnePixel), 20_000)]));
        yield return new("GIF with 2,000 frames of 2,000 × 2,000", File(2000, 2000, [.. Enumerable.Repeat(Frame(0, 0, 2000, 2000, OnePixel), 2000)]));
        yield return new("GIF without a frame", File(8, 8));
        yield return new("GIF of 1 × 60,000", File(1, 60_000, Frame(0, 0, 1, 60_000, OnePixel)));
        yield return new("GIF of 60,000 × 1", File(60_000, 1, Frame(0, 0, 60_000, 1, OnePixel)));
        foreach (var size in (byte[])[0, 1, 11, 12, 13, 255])
            yield return new($"GIF with codes of {size} bits", File(8, 8, Frame(0, 0, 8, 8, [size, 4, 1, 2, 3, 4, 0])));
        yield return new("GIF with a megabyte of codes that clear the table", File(64, 64, Frame(0, 0, 64, 64, [7, .. Blocks(Enumerable.Repeat((byte)0x80, 1 << 20).ToArray())])));
        yield return new("GIF with codes that refer to what is not there", File(64, 64, Frame(0, 0, 64, 64, [2, .. Blocks(Enumerable.Repeat((byte)0xFF, 5000).ToArray())])));
        yield return new("GIF with an extension of 4 MB", File(8, 8, [0x21, 0xFF, 11, .. "NETSCAPE2.0"u8, .. Blocks(new byte[4 << 20])], Frame(0, 0, 1, 1, OnePixel)));
        yield return new("GIF with a comment that never ends", File(8, 8, [0x21, 0xFE, .. Enumerable.Repeat((byte)1, 100_000)]));
        yield return new("GIF with 100,000 extensions", File(8, 8, [.. Enumerable.Repeat<byte[]>([0x21, 0xF9, 4, 9, 0xFF, 0xFF, 0xFF, 0], 100_000), Frame(0, 0, 1, 1, OnePixel)]));
        yield return new("GIF with a block of a kind that is not one", File(8, 8, [0x99, 1, 2, 3]));
        yield return new("GIF that ends within its frame", File(8, 8, Frame(0, 0, 8, 8, [2, 200, 1, 2]))[..^1]);
        yield return new("GIF that restores the frame before the first", File(8, 8, [0x21, 0xF9, 4, 0x0C, 0, 0, 0, 0], Frame(0, 0, 8, 8, OnePixel), [0x21, 0xF9, 4, 0x0C, 0, 0, 0, 0], Frame(4, 4, 8, 8, OnePixel)));
    }

    private static byte[] File(int width, int height, params byte[][] blocks) =>
        [.. "GIF89a"u8, .. Word(width), .. Word(height), 0x80, 0, 0, .. TwoColours, .. blocks.SelectMany(block => block), 0x3B];

    private static byte[] Frame(int left, int top, int width, int height, byte[] codes) =>
        [0x2C, .. Word(left), .. Word(top), .. Word(width), .. Word(height), 0, .. codes];

    private static byte[] Blocks(byte[] bytes) => [.. bytes.Chunk(255).SelectMany(block => (byte[])[(byte)block.Length, .. block]), 0];

    private static byte[] Word(int value) => [(byte)value, (byte)(value >> 8)];
}
