using ImageAspire.Core.Images;

namespace ImageAspire.Imaging.Measuring;

/// <summary>Colours, brightness, contrast and sharpness of interleaved 8-bit sRGB pixels.</summary>
internal static class ColorMeasurement
{
    // Variance of the Laplacian (0–255 scale) at which sharpness is 0.5; below about 100 photographs look blurred
    // (Pech-Pacheco et al., "Diatom autofocusing in brightfield microscopy", 2000, use the same measure).
    private const double HalfSharp = 300;

    // A pixel whose largest and smallest channel differ by no more looks grey; one pixel in a hundred may differ more (noise, JPEG).
    private const int GreyTolerance = 12;

    private static readonly double[] Linear = [.. Enumerable.Range(0, 256).Select(ToLinear)];

    /// <param name="small">A small copy, for the colours.</param>
    /// <param name="large">The large thumbnail, for the sharpness.</param>
    /// <param name="largeWidth">Its width in pixels.</param>
    public static ImageColors Measure(ReadOnlySpan<byte> small, ReadOnlySpan<byte> large, int largeWidth)
    {
        double sum = 0, squares = 0;
        int coloured = 0, count = small.Length / 3;
        for (var i = 0; i + 2 < small.Length; i += 3)
        {
            var lightness = Lightness(small[i], small[i + 1], small[i + 2]);
            sum += lightness;
            squares += lightness * lightness;
            if (Math.Max(small[i], Math.Max(small[i + 1], small[i + 2])) - Math.Min(small[i], Math.Min(small[i + 1], small[i + 2])) > GreyTolerance)
                coloured++;
        }

        var mean = sum / count;
        var contrast = Math.Sqrt(Math.Max(0, squares / count - mean * mean));
        var monochrome = coloured * 100 <= count;
        var (dominant, accent) = ColorPalette.Of(small, monochrome);
        return new ImageColors(
            dominant, accent, Math.Round(mean, 3), Math.Round(Math.Min(0.5, contrast), 3), Math.Round(Sharpness(large, largeWidth), 3), monochrome);
    }

    /// <summary>CIE lightness L* of an sRGB pixel (IEC 61966-2-1), 0–1.</summary>
    public static double Lightness(byte r, byte g, byte b)
    {
        var y = 0.2126 * Linear[r] + 0.7152 * Linear[g] + 0.0722 * Linear[b];
        return (y > 216.0 / 24389 ? 116 * Math.Cbrt(y) - 16 : y * 24389 / 27) / 100;
    }

    private static double Sharpness(ReadOnlySpan<byte> rgb, int width)
    {
        var height = rgb.Length / 3 / width;
        if (width < 3 || height < 3)
            return 0;
        var luma = new int[width * height];
        for (var i = 0; i < luma.Length; i++)
            luma[i] = (rgb[i * 3] * 299 + rgb[i * 3 + 1] * 587 + rgb[i * 3 + 2] * 114) / 1000;
        long sum = 0, squares = 0;
        for (var y = 1; y < height - 1; y++)
        {
            for (var at = y * width + 1; at < (y + 1) * width - 1; at++)
            {
                var laplacian = luma[at - 1] + luma[at + 1] + luma[at - width] + luma[at + width] - 4 * luma[at];
                sum += laplacian;
                squares += laplacian * laplacian;
            }
        }

        double n = (width - 2.0) * (height - 2);
        var variance = squares / n - sum / n * (sum / n);
        return variance / (variance + HalfSharp);
    }

    private static double ToLinear(int value)
    {
        var v = value / 255.0;
        return v <= 0.04045 ? v / 12.92 : Math.Pow((v + 0.055) / 1.055, 2.4);
    }
}
