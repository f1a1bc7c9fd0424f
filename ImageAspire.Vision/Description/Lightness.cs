namespace ImageAspire.Vision.Description;

/// <summary>CIE L* (IEC 61966-2-1 and CIE 15).</summary>
internal static class Lightness
{
    /// <summary>Of an sRGB colour, 0–1.</summary>
    public static double Of(byte red, byte green, byte blue)
    {
        var y = 0.2126 * Linear(red) + 0.7152 * Linear(green) + 0.0722 * Linear(blue);
        return (y > 216.0 / 24389 ? 116 * Math.Cbrt(y) - 16 : y * 24389 / 27) / 100;
    }

    private static double Linear(byte value) => value / 255.0 is <= 0.04045 and var dark ? dark / 12.92 : Math.Pow((value / 255.0 + 0.055) / 1.055, 2.4);
}
