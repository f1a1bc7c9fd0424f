using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Imaging.Headers;
using ImageAspire.Imaging.Vips;
using NetVips;

namespace ImageAspire.Imaging;

/// <summary>
/// Decodes what is there of a file that the codec refused: one that ends early, or a part of which is corrupt. Viewers show such photos, and
/// for many people they are the only copy.
/// </summary>
internal static class DamagedImage
{
    // Less of a picture is not worth keeping.
    private const double LeastThere = 0.1;

    // What decoders fill with; a profile of colours moves the grey a little.
    private const int Black = 1, MiddleGrey = 128, GreyTolerance = 10;

    private static readonly byte[] JpegEnd = [0xFF, 0xD9];

    /// <summary>The picture as far as it goes, and what is wrong with it; null for nothing but a missing end mark.</summary>
    /// <param name="file">The original.</param>
    /// <param name="header">Its header.</param>
    /// <param name="side">Side of the square that the result fits into, in pixels.</param>
    /// <param name="cancellationToken">Stops the decoder.</param>
    /// <exception cref="VipsException">Nothing of it can be decoded.</exception>
    /// <exception cref="UnusableImageException">Less than a tenth of it is there.</exception>
    public static (Image Image, ImageDamage? Damage) Decode(Stream file, ImageHeader header, int side, CancellationToken cancellationToken)
    {
        var endsEarly = BrokenImage.EndsEarly(file, header.Format);
        if (endsEarly && header.Format == ImageFormat.Jpeg && WithItsEnd(file, header, side, cancellationToken) is { } complete)
            return (complete, null);
        var image = Decode(file, header, side, Enums.FailOn.None, cancellationToken);
        using var stored = WithItsBottomBelow(image, header.Orientation);
        var missing = MissingRows(stored.Pixels(), stored.Width * stored.Bands, stored.Bands);
        if (missing > 1 - LeastThere)
        {
            image.Dispose();
            throw endsEarly ? BrokenImage.Truncated() : BrokenImage.Corrupt(header.Format);
        }

        return (image, new ImageDamage(endsEarly ? ImageDamage.Truncated : ImageDamage.Corrupt, endsEarly && missing > 0 ? Math.Round(missing, 2) : null));
    }

    /// <summary>Which part of a picture is missing at its bottom: decoders fill it with black, with nothing, or, of a JPEG, with middle grey. 0–1.</summary>
    /// <param name="pixels">Interleaved.</param>
    /// <param name="row">Length of a row in bytes.</param>
    /// <param name="bands">Bytes of a pixel.</param>
    public static double MissingRows(ReadOnlySpan<byte> pixels, int row, int bands)
    {
        var rows = pixels.Length / row;
        var blank = 0;
        while (blank < rows && IsFilled(pixels.Slice((rows - 1 - blank) * row, row), bands))
            blank++;
        return (double)blank / rows;
    }

    // Decoded so that a decoder that misses data within the image says so: only then nothing else is missing.
    private static Image? WithItsEnd(Stream file, ImageHeader header, int side, CancellationToken cancellationToken)
    {
        using var whole = new TailedStream(file, JpegEnd);
        try
        {
            return Decode(whole, header, side, Enums.FailOn.Warning, cancellationToken);
        }
        catch (VipsException)
        {
            return null;
        }
    }

    private static Image Decode(Stream file, ImageHeader header, int side, Enums.FailOn failOn, CancellationToken cancellationToken)
    {
        var rows = header.Format == ImageFormat.Png ? PngRows.Count(file) : 0;
        using var source = new StreamSource(file, cancellationToken);
        try
        {
            return header.Format == ImageFormat.Png ? DecodePng(source, rows, side, failOn, cancellationToken) : ShrinkOnLoad.Decode(source, header, side, cancellationToken, failOn);
        }
        catch (VipsException)
        {
            source.ThrowIfStopped();
            throw;
        }
    }

    // Black, or nothing where it can be transparent, below the rows that are there.
    private static Image DecodePng(StreamSource source, int rows, int side, Enums.FailOn failOn, CancellationToken cancellationToken)
    {
        if (rows == 0)
            throw new VipsException("There is no row.");
        using var decoded = Image.PngloadSource(source, access: Enums.Access.Sequential, failOn: failOn);
        using var there = decoded.ExtractArea(0, 0, decoded.Width, Math.Min(rows, decoded.Height));
        using var whole = there.Embed(0, 0, decoded.Width, decoded.Height);
        using var thumbnail = whole.ThumbnailImage(side, height: side, size: Enums.Size.Down);
        return ShrinkOnLoad.ToPlainSrgb(thumbnail, cancellationToken);
    }

    // An upright image turned as it is stored, but for mirrors: the part that a decoder did not reach is at the bottom.
    private static Image WithItsBottomBelow(Image upright, int? orientation) => orientation switch
    {
        3 or 4 => upright.Rot180(),
        6 or 7 => upright.Rot270(),
        5 or 8 => upright.Rot90(),
        _ => upright.Copy(),
    };

    private static bool IsFilled(ReadOnlySpan<byte> row, int bands)
    {
        for (var band = 0; band < Math.Min(bands, 3); band++)
        {
            if (row[band] > Black && Math.Abs(row[band] - MiddleGrey) > GreyTolerance)
                return false;
        }

        for (var i = bands; i < row.Length; i++)
        {
            if (Math.Abs(row[i] - row[i % bands]) > 1)
                return false;
        }

        return true;
    }
}
