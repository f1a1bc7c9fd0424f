using ImageAspire.Imaging.Headers;

namespace ImageAspire.Imaging.Bmp;

/// <summary>Rows of run-length encoded 8-bit bitmaps (RLE8).</summary>
internal sealed class BmpRleRows : IBmpRows
{
    private readonly Stream _input;
    private readonly byte[] _row;
    private readonly byte[] _palette;
    private int _skipRows;
    private int _startAt;
    private bool _ended;

    public BmpRleRows(Stream stream, BmpHeader header)
    {
        _palette = BmpPalette.Read(new Bytes(stream), header);
        _row = new byte[header.Width];
        stream.Position = header.PixelsAt;
        _input = stream;
    }

    /// <inheritdoc />
    public ReadOnlySpan<byte> Next()
    {
        Array.Clear(_row);
        if (_ended)
            return _row;
        if (_skipRows > 0)
        {
            _skipRows--;
            if (_skipRows > 0)
                return _row;
        }

        var x = _startAt;
        _startAt = 0;
        while (true)
        {
            int count = Byte(), value = Byte();
            if (count > 0)
            {
                Fill(ref x, count, (byte)value);
                continue;
            }

            switch (value)
            {
                case 0: // end of row
                    return _row;
                case 1: // end of bitmap
                    _ended = true;
                    return _row;
                case 2: // move right and down
                    var (right, down) = (Byte(), Byte());
                    x = Math.Min(x + right, _row.Length);
                    if (down == 0)
                        continue;
                    (_skipRows, _startAt) = (down, x);
                    return _row;
                default: // literal bytes, padded to an even number
                    for (var i = 0; i < value; i++)
                        Fill(ref x, 1, (byte)Byte());
                    if (value % 2 == 1)
                        Byte();
                    break;
            }
        }
    }

    /// <inheritdoc />
    public void Pixel(ReadOnlySpan<byte> row, int x, Span<byte> target) => _palette.AsSpan(row[x] * 3, 3).CopyTo(target);

    private void Fill(ref int x, int count, byte value)
    {
        var end = Math.Min(x + count, _row.Length);
        _row.AsSpan(x, end - x).Fill(value);
        x = end;
    }

    private int Byte()
    {
        var value = _input.ReadByte();
        return value >= 0 ? value : throw new EndOfStreamException();
    }
}
