using System.Buffers.Binary;
using System.Text;

namespace ImageAspire.Imaging.Headers;

/// <summary>Numbers at positions of an untrusted file. Reading past its end throws <see cref="EndOfStreamException"/>.</summary>
internal sealed class Bytes(Stream stream)
{
    /// <summary>Longest block that is copied out of a file: no EXIF block is larger (one in a JPEG has 64 KiB at most).</summary>
    private const int MaxCopied = 1 << 20;

    public long Length => stream.Length;

    public byte U8(long at)
    {
        Span<byte> bytes = stackalloc byte[1];
        Fill(at, bytes);
        return bytes[0];
    }

    public int U16(long at, bool big)
    {
        Span<byte> bytes = stackalloc byte[2];
        Fill(at, bytes);
        return big ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);
    }

    public uint U32(long at, bool big)
    {
        Span<byte> bytes = stackalloc byte[4];
        Fill(at, bytes);
        return big ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    public long U64(long at, bool big)
    {
        Span<byte> bytes = stackalloc byte[8];
        Fill(at, bytes);
        return big ? BinaryPrimitives.ReadInt64BigEndian(bytes) : BinaryPrimitives.ReadInt64LittleEndian(bytes);
    }

    /// <summary>Whether these bytes are there.</summary>
    public bool Has(long at, ReadOnlySpan<byte> expected)
    {
        if (at < 0 || at + expected.Length > Length)
            return false;
        Span<byte> bytes = stackalloc byte[expected.Length];
        Fill(at, bytes);
        return bytes.SequenceEqual(expected);
    }

    /// <summary>A copy of a block; null when it is too long or not all there.</summary>
    public byte[]? Copy(long at, long length)
    {
        if (length is <= 0 or > MaxCopied || at < 0 || at + length > Length)
            return null;
        var bytes = new byte[length];
        Fill(at, bytes);
        return bytes;
    }

    /// <summary>A name of four letters.</summary>
    public string Letters(long at) => Encoding.Latin1.GetString(Copy(at, 4) ?? throw new EndOfStreamException());

    /// <summary>A part of the file, which must be all there, as a file of its own.</summary>
    public Bytes Part(long at, long length) => new(new PartialStream(stream, at, length));

    private void Fill(long at, Span<byte> bytes)
    {
        if (at < 0 || at > Length - bytes.Length)
            throw new EndOfStreamException();
        stream.Position = at;
        stream.ReadExactly(bytes);
    }
}
