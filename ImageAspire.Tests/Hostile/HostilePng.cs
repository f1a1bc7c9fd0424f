using System.Buffers.Binary;
using System.IO.Compression;
using ImageAspire.Core.Images;
using ImageAspire.Tests.Imaging;

namespace ImageAspire.Tests.Hostile;

/// <summary>PNG: bombs in deflate streams, headers that lie, chunks without end.</summary>
internal static class HostilePng
{
    private const byte Grey = 0, Rgb = 2, Palette = 3, Rgba = 6;

    public static IEnumerable<HostileFile> Files()
    {
        yield return new("PNG of 50,000 × 50,000 with no pixels", File(Header(50_000, 50_000), Idat(100)), FailureCodes.TooManyPixels);
        yield return new("PNG of 2³¹−1 × 2³¹−1", File(Header(int.MaxValue, int.MaxValue), Idat(100)), FailureCodes.TooManyPixels);
        yield return new("PNG of negative size", File(Header(-1, -1), Idat(100)), FailureCodes.TooManyPixels);
        yield return new("PNG of 0 × 5", File(Header(0, 5), Idat(100)), FailureCodes.NoPixels);
        yield return new("PNG of 100 megapixels in 12 KB", File(Header(10_000, 10_000, 1, Grey), Idat(10_000L * 1251)));
        yield return new("PNG of 16 megapixels, 16 bits, interlaced, in 130 KB", File(Header(4000, 4000, 16, Rgba, interlaced: 1), Idat(4000L * 4000 * 8 + 4000 * 4)));
        yield return new("PNG of 8 × 8 with 64 MB behind its pixels", File(Header(8, 8), Idat(64 << 20)));
        yield return new("PNG of 1 × 1,000,000", File(Header(1, 1_000_000, 8, Grey), Idat(2_000_000)), FailureCodes.TooManyPixels);
        yield return new("PNG of 1,000,000 × 1", File(Header(1_000_000, 1, 8, Grey), Idat(1_000_001)), FailureCodes.TooManyPixels);
        yield return new("PNG of 3,900,000 × 14", File(Header(3_900_000, 14), Idat(100)), FailureCodes.TooManyPixels);
        yield return new("PNG of 65,535 × 14", File(Header(65_535, 14, 8, Grey), Idat(65_536L * 14)));
        yield return new("PNG with 64 MB in a compressed text", File(Header(8, 8), ("zTXt", [.. "a\0\0"u8, .. Zeros(64 << 20)]), Idat(200)));
        yield return new("PNG with 64 MB in an international text", File(Header(8, 8), ("iTXt", [.. "a\0\u0001\0\0\0"u8, .. Zeros(64 << 20)]), Idat(200)));
        yield return new("PNG with 64 MB in its colour profile", File(Header(8, 8), ("iCCP", [.. "a\0\0"u8, .. Zeros(64 << 20)]), Idat(200)));
        yield return new("PNG with a profile of noise", File(Header(8, 8), ("iCCP", [.. "a\0\0"u8, .. Deflate(Noise(3000))]), Idat(200)));
        yield return new("PNG with 20,000 texts", File([Header(8, 8), .. Enumerable.Range(0, 20_000).Select(i => ("tEXt", (byte[])[.. "k\0v"u8])), Idat(200)]));
        yield return new("PNG with 120,000 empty chunks", File([Header(8, 8), .. Enumerable.Range(0, 120_000).Select(_ => ("abCd", Array.Empty<byte>())), Idat(200)]));
        yield return new("PNG with a text of 30 MB", File(Header(8, 8), ("tEXt", [.. "k\0"u8, .. new byte[30 << 20]]), Idat(200)));
        yield return new("PNG with EXIF that points at itself", File(Header(8, 8), ("eXIf", ExifLoop()), Idat(200)));
        yield return new("PNG without pixels", File(Header(8, 8)));
        yield return new("PNG with empty pixels", File(Header(8, 8), ("IDAT", [])));
        yield return new("PNG with noise for pixels", File(Header(8, 8), ("IDAT", Noise(500))));
        yield return new("PNG with a palette that is missing", File(Header(8, 8, 8, Palette), Idat(72)));
        yield return new("PNG with a palette of one byte", File(Header(8, 8, 8, Palette), ("PLTE", [1]), Idat(72)));
        yield return new("PNG with a transparency longer than its palette", File(Header(8, 8, 8, Palette), ("PLTE", [1, 2, 3]), ("tRNS", new byte[5000]), Idat(72)));
        foreach (var (depth, colour, interlaced) in new[] { (3, Rgb, 0), (1, Rgb, 0), (255, Grey, 0), (8, 9, 0), (16, Palette, 0), (8, Rgb, 7), (0, 0, 0) })
            yield return new($"PNG of depth {depth}, colour {colour}, interlace {interlaced}", File(Header(8, 8, (byte)depth, (byte)colour, (byte)interlaced), Idat(200)));
        yield return new("PNG with a second header", File(Header(8, 8), Header(60_000, 60_000), Idat(200)));
        yield return new("PNG with 50,000 frames announced", File(Header(8, 8), ("acTL", [0, 0, 0xC3, 0x50, 0, 0, 0, 0]), Idat(200)));
        var longer = File(Header(8, 8), Idat(200));
        BinaryPrimitives.WriteUInt32BigEndian(longer.AsSpan(33), uint.MaxValue);
        yield return new("PNG with a chunk of 4 GB", longer);
    }

    /// <summary>An EXIF block whose directories are each other's next one.</summary>
    public static byte[] ExifLoop()
    {
        byte[] exif = [.. "II"u8, 42, 0, 8, 0, 0, 0, .. TiffWriter.Directory(8, [TiffWriter.Tag.Number(0x8769, 8), TiffWriter.Tag.Number(0x8825, 8), TiffWriter.Tag.Number(0xA005, 8)])];
        BinaryPrimitives.WriteInt32LittleEndian(exif.AsSpan(8 + 2 + 3 * 12), 8);
        return exif;
    }

    /// <summary>Bytes without sense, the same every time.</summary>
    public static byte[] Noise(int length)
    {
        var noise = new byte[length];
        new Random(length).NextBytes(noise);
        return noise;
    }

    /// <summary>Zeros in a zlib stream: about a thousandth of them.</summary>
    public static byte[] Zeros(long length)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal))
        {
            var piece = new byte[1 << 16];
            for (; length > 0; length -= piece.Length)
                zlib.Write(piece, 0, (int)Math.Min(piece.Length, length));
        }

        return packed.ToArray();
    }

    /// <summary>A zlib stream.</summary>
    public static byte[] Deflate(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest))
            zlib.Write(bytes);
        return packed.ToArray();
    }

    private static (string Type, byte[] Content) Idat(long zeros) => ("IDAT", Zeros(zeros));

    private static (string Type, byte[] Content) Header(int width, int height, byte depth = 8, byte colour = Rgb, byte interlaced = 0)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9], header[12]) = (depth, colour, interlaced);
        return ("IHDR", header);
    }

    private static byte[] File(params (string Type, byte[] Content)[] chunks)
    {
        using var file = new MemoryStream();
        file.Write([0x89, .. "PNG"u8, 0x0D, 0x0A, 0x1A, 0x0A]);
        foreach (var (type, content) in chunks)
            PngWriter.Chunk(file, type, content);
        PngWriter.Chunk(file, "IEND", []);
        return file.ToArray();
    }
}
