using System.Numerics;
using ImageAspire.Imaging.Headers;

namespace ImageAspire.Imaging.Bmp;

/// <summary>Rows of a bitmap in the order of the file.</summary>
internal interface IBmpRows
{
    /// <summary>The next row, as stored; valid until the next call.</summary>
    ReadOnlySpan<byte> Next();

    /// <summary>Colour of a pixel of a row: red, green, blue and, if there is room, alpha.</summary>
    void Pixel(ReadOnlySpan<byte> row, int x, Span<byte> target);
}

/// <summary>Uncompressed rows of 1, 4, 8, 16, 24 or 32 bits a pixel.</summary>
internal sealed class BmpPlainRows : IBmpRows
{
    private readonly Stream _stream;
    private readonly BmpHeader _header;
    private readonly byte[] _row;
    private readonly byte[] _palette;

    public BmpPlainRows(Stream stream, Bytes file, BmpHeader header)
    {
        (_stream, _header) = (stream, header);
        _palette = BmpPalette.Read(file, header);
        var stride = (header.Width * header.BitsPerPixel + 31) / 32 * 4;
        if (stride * header.Height > stream.Length - header.PixelsAt)
            throw new EndOfStreamException(); // before memory is spent on a row that is not there
        _row = new byte[stride];
        stream.Position = header.PixelsAt;
    }

    /// <inheritdoc />
    public ReadOnlySpan<byte> Next()
    {
        _stream.ReadExactly(_row);
        return _row;
    }

    /// <inheritdoc />
    public void Pixel(ReadOnlySpan<byte> row, int x, Span<byte> target)
    {
        switch (_header.BitsPerPixel)
        {
            case 24:
                (target[0], target[1], target[2]) = (row[x * 3 + 2], row[x * 3 + 1], row[x * 3]);
                break;
            case 16:
                Masked(BitConverter.ToUInt16(row[(x * 2)..]), target);
                break;
            case 32:
                Masked(BitConverter.ToUInt32(row[(x * 4)..]), target);
                break;
            default:
                var bits = _header.BitsPerPixel;
                var first = x * bits;
                var index = (row[first / 8] >> (8 - bits - first % 8)) & ((1 << bits) - 1);
                _palette.AsSpan(index * 3, 3).CopyTo(target);
                break;
        }
    }

    private void Masked(uint value, Span<byte> target)
    {
        target[0] = Channel(value, _header.Masks.R);
        target[1] = Channel(value, _header.Masks.G);
        target[2] = Channel(value, _header.Masks.B);
        if (target.Length > 3)
            target[3] = Channel(value, _header.Masks.A);
    }

    private static byte Channel(uint value, uint mask)
    {
        if (mask == 0)
            return 0;
        var shift = BitOperations.TrailingZeroCount(mask);
        return (byte)((value & mask) >> shift) is var small && mask >> shift == 255 ? small : (byte)((ulong)((value & mask) >> shift) * 255 / (mask >> shift));
    }
}
