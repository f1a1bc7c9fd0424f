using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;

namespace ImageAspire.Imaging.Headers;

/// <summary>Header of a Windows bitmap (BITMAPCOREHEADER and BITMAPINFOHEADER to V5).</summary>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="BottomUp">True: the first row in the file is the lowest.</param>
/// <param name="BitsPerPixel">1, 4, 8, 16, 24 or 32.</param>
/// <param name="Compression">0 none, 1 RLE8, 2 RLE4, 3 and 6 bit fields.</param>
/// <param name="PaletteAt">Offset of the colour table.</param>
/// <param name="PaletteEntrySize">3 or 4 bytes.</param>
/// <param name="PixelsAt">Offset of the pixels.</param>
/// <param name="Masks">Red, green, blue and alpha of 16 and 32 bits; alpha 0 for none.</param>
internal sealed record BmpHeader(
    long Width, long Height, bool BottomUp, int BitsPerPixel, uint Compression,
    long PaletteAt, int PaletteEntrySize, long PixelsAt, (uint R, uint G, uint B, uint A) Masks)
{
    /// <summary>For the checks that all formats share.</summary>
    public RawHeader Raw => new(Width, Height);

    public static BmpHeader Read(Bytes file)
    {
        var size = file.U32(14, big: false);
        var core = size == 12;
        long width = core ? file.U16(18, big: false) : (int)file.U32(18, big: false);
        long height = core ? file.U16(20, big: false) : (int)file.U32(22, big: false);
        int bits = file.U16(core ? 24 : 28, big: false);
        var compression = core ? 0 : file.U32(30, big: false);
        if (width < 0)
            throw HeaderReader.Broken();
        var masks = bits == 16 ? (0x7C00u, 0x3E0u, 0x1Fu, 0u) : (0xFF0000u, 0xFF00u, 0xFFu, 0u);
        var fields = compression is 3 or 6;
        if (fields)
            masks = (file.U32(54, big: false), file.U32(58, big: false), file.U32(62, big: false), size >= 56 || compression == 6 ? file.U32(66, big: false) : 0);
        var supported = (bits, compression) is (1 or 4 or 8 or 16 or 24 or 32, 0) or (8, 1) or (16 or 32, 3 or 6);
        if (!supported)
        {
            throw new UnusableImageException(FailureCodes.UnsupportedVariant,
                $"This kind of BMP ({bits} bits a pixel, compression {compression}) cannot be read. Save it as PNG and upload that.");
        }

        var paletteAt = 14L + size + (fields && size == 40 ? (compression == 6 ? 16 : 12) : 0);
        return new BmpHeader(width, Math.Abs(height), height > 0, bits, compression, paletteAt, core ? 3 : 4, file.U32(10, big: false), masks);
    }
}
