using System.Buffers.Binary;
using ImageAspire.Core.Images;
using ImageAspire.Tests.Imaging;

namespace ImageAspire.Tests.Hostile;

/// <summary>Damages valid files. The same seed gives the same file.</summary>
internal static class Mutation
{
    // Values at which sizes and offsets overflow.
    private static readonly uint[] Edges = [0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF];

    /// <summary>A damaged file that the Api would still accept as what it was.</summary>
    public static (string Name, byte[] Bytes) Of(IReadOnlyList<(string Name, byte[] Bytes)> valid, int seed)
    {
        var random = new Random(seed);
        var (name, original) = valid[random.Next(valid.Count)];
        var format = ImageFormat.Sniff(original);
        for (var attempt = 0; attempt < 20; attempt++)
        {
            var file = (byte[])original.Clone();
            for (var i = random.Next(1, 9); i > 0; i--)
                file = Damage(file, valid[random.Next(valid.Count)].Bytes, random);
            if (format == ImageFormat.Png && random.Next(2) == 0)
                RepairChecksums(file);
            if (ImageFormat.Sniff(file) == format)
                return (name, file);
        }

        return (name, original);
    }

    private static byte[] Damage(byte[] file, byte[] other, Random random)
    {
        if (file.Length < 8)
            return file;
        var at = random.Next(file.Length);
        var length = Math.Min(random.Next(1, 64), file.Length - at);
        switch (random.Next(9))
        {
            case 0:
                file[at] ^= (byte)(1 << random.Next(8));
                return file;
            case 1:
                file[at] = (byte)random.Next(256);
                return file;
            case 2 when at + 4 <= file.Length:
                BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at), Edges[random.Next(Edges.Length)]);
                return file;
            case 3 when at + 4 <= file.Length:
                BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(at), Edges[random.Next(Edges.Length)]);
                return file;
            case 4 when at + 2 <= file.Length:
                BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(at), (ushort)Edges[random.Next(Edges.Length)]);
                return file;
            case 5:
                return [.. file[..at], .. file[(at + length)..]];
            case 6:
                return [.. file[..(at + length)], .. file[at..]];
            case 7:
                var from = random.Next(other.Length);
                return [.. file[..at], .. other[from..Math.Min(other.Length, from + length)], .. file[at..]];
            case 8 when random.Next(4) == 0:
                return file[..at];
            default:
                random.NextBytes(file.AsSpan(at, Math.Min(length, 4)));
                return file;
        }
    }

    // Else nothing behind a wrong checksum is ever looked at.
    private static void RepairChecksums(byte[] file)
    {
        for (long at = 8; at + 12 <= file.Length;)
        {
            long length = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan((int)at));
            if (at + 12 + length > file.Length)
                return;
            BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan((int)(at + 8 + length)), PngWriter.Crc32(file[((int)at + 4)..(int)(at + 8 + length)]));
            at += 12 + length;
        }
    }
}
