using System.IO.Compression;
using ImageAspire.Core.Images;
using ImageAspire.Imaging.Headers;

namespace ImageAspire.Imaging;

/// <summary>
/// How much of a damaged PNG is there. libvips does not say, and leaves rows that it cannot read as its memory happens to be: with parts of this image, or of another.
/// </summary>
internal static class PngRows
{
    private const int MaxChunks = 100_000, MaxFilter = 4;
    private static readonly int[] Channels = [1, 0, 3, 1, 2, 0, 4]; // by the kind of colours

    /// <summary>The rows from the top that can be inflated; 0 of an interlaced one, whose rows are all over it.</summary>
    public static int Count(Stream file)
    {
        var bytes = new Bytes(file);
        var (width, height, bits, colours) = (bytes.U32(16, big: true), bytes.U32(20, big: true), bytes.U8(24), bytes.U8(25));
        if (bytes.U8(28) != 0 || colours >= Channels.Length)
            return 0;
        var row = new byte[1 + ((long)width * bits * Channels[colours] + 7) / 8];
        using var data = new ZLibStream(new DataStream(file, [.. Data(bytes)]), CompressionMode.Decompress);
        var rows = 0;
        try
        {
            while (rows < height && data.ReadAtLeast(row, row.Length, throwOnEndOfStream: false) == row.Length && row[0] <= MaxFilter)
                rows++;
        }
        catch (InvalidDataException)
        {
            // The part that is corrupt; what came before it is counted.
        }

        return rows;
    }

    private static IEnumerable<(long At, long Length)> Data(Bytes file)
    {
        var at = 8L;
        for (var i = 0; i < MaxChunks && at + 8 < file.Length; i++)
        {
            var length = file.U32(at, big: true);
            if (file.Has(at + 4, "IDAT"u8))
                yield return (at + 8, Math.Min(length, file.Length - at - 8));
            at += 12L + length;
        }
    }

    // The compressed data, which lies in parts.
    private sealed class DataStream(Stream file, IReadOnlyList<(long At, long Length)> parts) : ReadOnlyStream
    {
        private int _part;
        private long _done; // of this part

        public override long Length { get; } = parts.Sum(one => one.Length);

        public override int Read(Span<byte> buffer)
        {
            for (; _part < parts.Count && _done == parts[_part].Length; _part++)
                _done = 0;
            if (_part == parts.Count)
                return 0;
            file.Position = parts[_part].At + _done;
            var read = file.Read(buffer[..(int)Math.Min(buffer.Length, parts[_part].Length - _done)]);
            _done += read;
            return read;
        }
    }
}
