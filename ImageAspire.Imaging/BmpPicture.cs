using System.Numerics;
using ImageAspire.Core.Ports;
using ImageAspire.Imaging.Headers;
using ImageAspire.Imaging.Vips;

namespace ImageAspire.Imaging;

/// <summary>
/// Windows bitmaps, which libvips leaves to ImageMagick (blocked: it is not made for untrusted files). Rows are read one by one and
/// thinned out to about twice the wanted size, so that memory depends on the thumbnail and not on the original.
/// </summary>
internal static class BmpPicture
{
    /// <summary>A picture that fits into the square, 8-bit sRGB with or without alpha.</summary>
    /// <exception cref="UnusableImageException">Broken, cut off, or a variant that is not read.</exception>
    public static VipsImage Load(Stream picture, int side, ImagingOptions options, CancellationToken cancellationToken)
    {
        var file = new Bytes(picture);
        try
        {
            var header = BmpHeader.Read(file);
            header.Raw.Check(options);
            var step = (int)Math.Max(1, Math.Max(header.Width, header.Height) / (2 * side));
            var (width, height) = ((int)((header.Width + step - 1) / step), (int)((header.Height + step - 1) / step));
            var bands = header.Masks.A != 0 ? 4 : 3;
            var pixels = new byte[(long)width * height * bands];
            var rows = header.Compression == 1 ? new BmpRleRows(picture, header) : (IBmpRows)new BmpPlainRows(picture, file, header);
            for (long i = 0; i < header.Height; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var y = header.BottomUp ? header.Height - 1 - i : i;
                var row = rows.Next();
                if (y % step != 0)
                    continue;
                var target = pixels.AsSpan((int)(y / step) * width * bands, width * bands);
                for (var x = 0; x < width; x++)
                    rows.Pixel(row, x * step, target.Slice(x * bands, bands));
            }

            using var full = VipsImage.FromPixels(pixels, width, height, bands);
            using var fitting = VipsOperation.FromImage("thumbnail_image", full, $"width={side},height={side},size=down");
            return fitting.ToMemory(cancellationToken);
        }
        catch (EndOfStreamException error)
        {
            throw BrokenPicture.Truncated(error);
        }
    }
}

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

/// <summary>Colour tables.</summary>
internal static class BmpPalette
{
    /// <summary>Red, green, blue of 256 colours; those that the file does not have are black.</summary>
    public static byte[] Read(Bytes file, BmpHeader header)
    {
        var palette = new byte[256 * 3];
        if (header.BitsPerPixel > 8)
            return palette;
        for (var i = 0; i < 1 << header.BitsPerPixel; i++)
        {
            var at = header.PaletteAt + i * header.PaletteEntrySize;
            if (at + 3 > Math.Min(header.PixelsAt, file.Length))
                break;
            (palette[i * 3], palette[i * 3 + 1], palette[i * 3 + 2]) = (file.U8(at + 2), file.U8(at + 1), file.U8(at));
        }

        return palette;
    }
}
