using System.Buffers.Binary;
using ImageAspire.Core.Images;
using static ImageAspire.Tests.Imaging.TiffWriter;

namespace ImageAspire.Tests.Hostile;

/// <summary>TIFF: directories that point at themselves, strips and tiles that lie about their sizes, compressions inside out.</summary>
internal static class HostileTiff
{
    public static IEnumerable<HostileFile> Files()
    {
        yield return new("TIFF of 2³¹ × 2³¹", Image(int.MinValue, int.MinValue, []), FailureCodes.TooManyPixels);
        yield return new("TIFF of 0 × 0", Image(0, 0, []), FailureCodes.NoPixels);
        yield return new("TIFF of 9,999 × 9,999 in 100 KB, deflate", Image(9_999, 9_999, HostilePng.Zeros(9_999L * 9_999), Tag.Shorts(259, 8)));
        yield return new("TIFF of 8 × 8 with 64 MB in its strip", Image(8, 8, HostilePng.Zeros(64 << 20), Tag.Shorts(259, 8)));
        yield return new("TIFF of 9,999 × 9,999 without pixels", Image(9_999, 9_999, new byte[10]));
        yield return new("TIFF of 1 × 1,000,000", Image(1, 1_000_000, new byte[1_000_000]));
        yield return new("TIFF of 1,000,000 × 1", Image(1_000_000, 1, new byte[1_000_000]));
        yield return new("TIFF whose directory is its own next", Loop());
        yield return new("TIFF with 10,500 directories", Chain(10_500));
        yield return new("TIFF with 65,535 tags", [.. "II"u8, 42, 0, 8, 0, 0, 0, 0xFF, 0xFF, .. HostilePng.Noise(65_535 * 12)]);
        yield return new("TIFF with a directory outside of the file", [.. "II"u8, 42, 0, 0xF0, 0xFF, 0xFF, 0xFF, .. new byte[60]], FailureCodes.Truncated);
        yield return new("TIFF with sub-directories that are itself", Image(8, 8, new byte[64], Tag.Number(330, 8 + 64)));
        yield return new("BigTIFF with a directory at −1", [.. "II"u8, 43, 0, 8, 0, 0, 0, .. Enumerable.Repeat((byte)0xFF, 8), .. new byte[60]]);
        yield return new("BigTIFF with 2⁶³ tags", [.. "II"u8, 43, 0, 8, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0, .. Enumerable.Repeat((byte)0xFF, 8), .. new byte[60]]);
        yield return new("TIFF, big-endian, of noise", [.. "MM"u8, 0, 42, 0, 0, 0, 8, .. HostilePng.Noise(2000)]);
        yield return new("TIFF with 100,000 strips of the same bytes", Strips(100_000));
        yield return new("TIFF with strips of 4 GB", Image(64, 64, new byte[64], Tag.Number(279, -1)));
        yield return new("TIFF with strips before the file", Image(64, 64, new byte[64], Tag.Number(273, -100)));
        foreach (var side in (int[])[0, 1, 15, 16, 1 << 20, int.MaxValue])
            yield return new($"TIFF with tiles of {side}", Image(64, 64, new byte[4096], Tag.Number(322, side), Tag.Number(323, side), Tag.Number(324, 8), Tag.Number(325, 4096)));
        foreach (var bits in (ushort[])[0, 1, 2, 3, 7, 12, 24, 32, 64, 65_535])
            yield return new($"TIFF of {bits} bits", Image(64, 64, new byte[64 * 64 * 8], Tag.Shorts(258, bits)));
        foreach (var samples in (ushort[])[0, 2, 5, 255, 65_535])
            yield return new($"TIFF of {samples} samples", Image(64, 64, new byte[64 * 64 * 5], Tag.Shorts(277, samples)));
        foreach (var format in (ushort[])[2, 3, 4, 5, 6, 99])
            yield return new($"TIFF of samples of format {format}", Image(64, 64, HostilePng.Noise(64 * 64 * 8), Tag.Shorts(258, 32), Tag.Shorts(339, format)));
        foreach (var photometric in (ushort[])[0, 1, 3, 4, 5, 6, 8, 9, 10, 32_803, 32_844, 32_845, 60_000])
            yield return new($"TIFF of colours {photometric}", Image(64, 64, HostilePng.Noise(64 * 64 * 3), Tag.Shorts(258, 8, 8, 8), Tag.Shorts(277, 3), Tag.Shorts(262, photometric)));
        foreach (var compression in (ushort[])[2, 3, 4, 5, 6, 7, 8, 32_773, 32_809, 32_946, 34_661, 34_676, 34_677, 34_712, 34_887, 34_925, 50_000, 50_001, 50_002])
            yield return new($"TIFF of noise, compression {compression}", Image(64, 64, HostilePng.Noise(3000), Tag.Shorts(259, compression)));
        yield return new("TIFF with a bomb of a JPEG in it", Image(64, 64, HostileJpeg.Files().First().Bytes, Tag.Shorts(259, 7), Tag.Shorts(262, 6), Tag.Shorts(277, 3), Tag.Shorts(258, 8, 8, 8)));
        yield return new("TIFF with a subsampling of 255", Image(64, 64, new byte[9000], Tag.Shorts(262, 6), Tag.Shorts(277, 3), Tag.Shorts(258, 8, 8, 8), Tag.Shorts(530, 255, 255)));
        yield return new("TIFF with a predictor for bits that it cannot be for", Image(64, 64, HostilePng.Zeros(5000), Tag.Shorts(259, 8), Tag.Shorts(317, 3), Tag.Shorts(258, 3)));
        yield return new("TIFF with a colour map of one entry", Image(64, 64, new byte[4096], Tag.Shorts(262, 3), Tag.Shorts(320, 1)));
        yield return new("TIFF with a profile of 4 GB", Image(64, 64, new byte[4096], new Tag(34_675, 7, -1, new byte[4])));
        yield return new("TIFF with a description that is not one", Image(64, 64, new byte[4096], new Tag(270, 2, int.MaxValue, new byte[4])));
    }

    private static byte[] Image(int width, int height, byte[] pixels, params Tag[] other)
    {
        Tag[] usual =
        [
            Tag.Number(256, width), Tag.Number(257, height), Tag.Shorts(258, 8), Tag.Shorts(259, 1), Tag.Shorts(262, 1),
            Tag.Number(273, 8), Tag.Shorts(277, 1), Tag.Number(278, height), Tag.Number(279, pixels.Length),
        ];
        return [.. "II"u8, 42, 0, .. BitConverter.GetBytes(8 + pixels.Length), .. pixels, .. Directory(8 + pixels.Length, usual.Where(one => !other.Any(tag => tag.Id == one.Id)).Concat(other))];
    }

    private static byte[] Loop()
    {
        var file = Image(64, 64, new byte[64 * 64]);
        var directory = 8 + 64 * 64;
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(directory + 2 + 9 * 12), directory);
        return file;
    }

    private static byte[] Chain(int directories)
    {
        using var file = new MemoryStream();
        file.Write([.. "II"u8, 42, 0, 8, 0, 0, 0]);
        for (var i = 0; i < directories; i++)
        {
            var at = (int)file.Length;
            var directory = Directory(at, [Tag.Number(256, 1), Tag.Number(257, 1), Tag.Shorts(258, 8), Tag.Shorts(262, 1), Tag.Number(273, 8), Tag.Number(279, 1)]);
            BinaryPrimitives.WriteInt32LittleEndian(directory.AsSpan(directory.Length - 4), i + 1 < directories ? at + directory.Length : 0);
            file.Write(directory);
        }

        return file.ToArray();
    }

    private static byte[] Strips(int count)
    {
        byte[] offsets = [.. Enumerable.Repeat(BitConverter.GetBytes(8), count).SelectMany(one => one)], lengths = [.. Enumerable.Repeat(BitConverter.GetBytes(64), count).SelectMany(one => one)];
        return Image(64, count, new byte[64], Tag.Number(278, 1), new Tag(273, Long, count, offsets), new Tag(279, Long, count, lengths));
    }
}
