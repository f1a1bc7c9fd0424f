using ImageAspire.Imaging.Headers;

namespace ImageAspire.Imaging.Bmp;

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
