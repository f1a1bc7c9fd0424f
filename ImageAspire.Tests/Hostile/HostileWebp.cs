using ImageAspire.Core.Images;

namespace ImageAspire.Tests.Hostile;

/// <summary>WebP: canvases that lie, frames without end, chunks that are longer than the file.</summary>
internal static class HostileWebp
{
    public static IEnumerable<HostileFile> Files()
    {
        var image = TestImages.Webp()[12..]; // its VP8L chunk
        yield return new("WebP of 16,777,216 × 16,777,216", File(Canvas(0, 0xFFFFFF, 0xFFFFFF), image), FailureCodes.TooManyPixels);
        yield return new("WebP of 9,999 × 9,999 with an image of 64 × 48", File(Canvas(0, 9_998, 9_998), image));
        yield return new("WebP of 16,384 × 16,384, lossless, in 60 bytes", File(Chunk("VP8L", [0x2F, 0xFF, 0xFF, 0xFF, 0x0F, .. new byte[40]])), FailureCodes.TooManyPixels);
        yield return new("WebP of 9,000 × 9,000, lossless, of one colour, in 80 bytes", File(Chunk("VP8L", [.. Lossless(9000, 9000), .. new byte[60]])));
        yield return new("WebP of 16,383 × 1, lossy, without pixels", File(Chunk("VP8 ", Lossy(16_383, 1))));
        yield return new("WebP of 1 × 16,383, lossy, without pixels", File(Chunk("VP8 ", Lossy(1, 16_383))));
        yield return new("WebP of 9,000 × 9,000, lossy, without pixels", File(Chunk("VP8 ", [.. Lossy(9000, 9000), .. new byte[100]])));
        yield return new("WebP of 0 × 0, lossy", File(Chunk("VP8 ", Lossy(0, 0))), FailureCodes.NoPixels);
        yield return new("WebP with 20,000 frames", File([Canvas(2, 63, 47), Chunk("ANIM", new byte[6]), .. Enumerable.Repeat(Frame(0, 0, 63, 47, image), 20_000)]));
        yield return new("WebP with a frame outside of it", File(Canvas(2, 63, 47), Chunk("ANIM", new byte[6]), Frame(0xFFFFFF, 0xFFFFFF, 63, 47, image)));
        yield return new("WebP with a frame larger than it", File(Canvas(2, 63, 47), Chunk("ANIM", new byte[6]), Frame(0, 0, 0xFFFFFF, 0xFFFFFF, image)));
        yield return new("WebP with frames in a frame", File(Canvas(2, 63, 47), Chunk("ANIM", new byte[6]), Frame(0, 0, 63, 47, Frame(0, 0, 63, 47, Frame(0, 0, 63, 47, image)))));
        yield return new("WebP with animation and no frame", File(Canvas(2, 63, 47), Chunk("ANIM", new byte[6])));
        yield return new("WebP with an alpha channel of noise", File(Canvas(16, 63, 47), Chunk("ALPH", [1, .. HostilePng.Noise(300)]), image));
        yield return new("WebP with a profile of 20 MB", File(Canvas(32, 63, 47), Chunk("ICCP", HostilePng.Noise(20 << 20)), image));
        yield return new("WebP with EXIF of 20 MB", File(Canvas(8, 63, 47), image, Chunk("EXIF", HostilePng.Noise(20 << 20))));
        yield return new("WebP with EXIF that points at itself", File(Canvas(8, 63, 47), image, Chunk("EXIF", HostilePng.ExifLoop())));
        yield return new("WebP with 200,000 unknown chunks", File([Canvas(0, 63, 47), .. Enumerable.Repeat(Chunk("what", []), 200_000), image]));
        yield return new("WebP with a chunk of 4 GB", File([.. "VP8L"u8, 0xFF, 0xFF, 0xFF, 0xFF, 0x2F]));
        yield return new("WebP of noise, lossless", File(Chunk("VP8L", [.. Lossless(500, 500), .. HostilePng.Noise(4000)])));
        yield return new("WebP of noise, lossy", File(Chunk("VP8 ", [.. Lossy(500, 500), .. HostilePng.Noise(4000)])));
        yield return new("WebP without a chunk", File());
        var longer = File(image);
        longer.AsSpan(4, 4).Fill(0xFF);
        yield return new("WebP that says it has 4 GB", longer);
    }

    private static byte[] Lossless(int width, int height) => [0x2F, .. BitConverter.GetBytes((uint)(width - 1) | ((uint)(height - 1) << 14))];

    // RFC 6386 §9.1: a key frame's tag with a first partition of 60 bytes, the start code, the size.
    private static byte[] Lossy(int width, int height) => [0x90, 0x07, 0, 0x9D, 1, 0x2A, (byte)width, (byte)(width >> 8), (byte)height, (byte)(height >> 8), .. new byte[90]];

    private static byte[] Canvas(byte flags, int widthLessOne, int heightLessOne) => Chunk("VP8X", [flags, 0, 0, 0, .. Three(widthLessOne), .. Three(heightLessOne)]);

    private static byte[] Frame(int x, int y, int widthLessOne, int heightLessOne, byte[] content) =>
        Chunk("ANMF", [.. Three(x), .. Three(y), .. Three(widthLessOne), .. Three(heightLessOne), 100, 0, 0, 2, .. content]);

    private static byte[] Chunk(string type, byte[] content) =>
        [.. System.Text.Encoding.ASCII.GetBytes(type), .. BitConverter.GetBytes(content.Length), .. content, .. new byte[content.Length % 2]];

    private static byte[] File(params byte[][] chunks)
    {
        byte[] file = [.. "RIFF"u8, 0, 0, 0, 0, .. "WEBP"u8, .. chunks.SelectMany(chunk => chunk)];
        BitConverter.TryWriteBytes(file.AsSpan(4), file.Length - 8);
        return file;
    }

    private static byte[] Three(int value) => [(byte)value, (byte)(value >> 8), (byte)(value >> 16)];
}
